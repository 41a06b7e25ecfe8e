"""Several products in one fleet: what must hold among them, their packages and the sources of devices."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.quoting import quoted
from fota_sim.scenario.device_rows.rows import attribute_names
from fota_sim.scenario.document import Key
from fota_sim.scenario.fleet import TableFleet
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.wording import did_you_mean

PRODUCT = "product"
"""The attribute that devices have where there are several products."""
PLAN = "plan"
"""The column of the device table that says the plan where there are several."""


def cross_check(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    """What is wrong among products, packages and sources of devices, as (path, message)."""
    yield from _takes_nobody(scenario)
    for name, plan in scenario.plans.items():
        if plan.product is not None and plan.product not in scenario.all_products:
            known = list(scenario.all_products)
            message = f"there is no product {quoted(plan.product)}{did_you_mean(plan.product, known)}"
            yield ("plans", name, "product"), message
    yield from _among_products(scenario)
    names = list(scenario.all_products)
    for index, package in enumerate(scenario.packages):
        if package.product is None:
            continue
        where: Key = ("packages", index, "product")
        product = scenario.all_products.get(package.product)
        if product is None:
            yield where, f"there is no product {quoted(package.product)}{did_you_mean(package.product, names)}"
        elif product.type_of(package.component) is None:
            yield where, f"the product {quoted(product.name)} has no component {quoted(package.component)}"
    for path, source in scenario.fleet.placed():
        if source.product is not None and source.product not in names:
            message = f"there is no product {quoted(source.product)}{did_you_mean(source.product, names)}"
            yield (*path, "product"), message
        called = {*source.attributes} | set(
            attribute_names(source, scenario)
            if isinstance(source, TableFleet) and (scenario.products or scenario.plans)
            else ()
        )
        if scenario.plans and PLAN in called:
            yield path, "has an attribute 'plan', which says the plan where there are several; rename it"
        if scenario.products and PRODUCT in called:
            yield path, "has an attribute 'product', which says the product where there are several; rename it"


def _takes_nobody(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    """Plans behind one that takes all devices of their product."""
    takes_all: dict[str, str] = {}
    for name, plan in scenario.plans.items():
        product = plan.product or scenario.product.name
        if product in takes_all:
            message = (
                f"would have no device: {takes_all[product]} before it has no whitelist and no blacklist, so it takes "
                f"every device of the product {quoted(product)}; write the more particular plan first"
            )
            yield ("plans", name), message
        elif plan.whitelist is None and plan.blacklist is None:
            takes_all[product] = name


def cross_check_plan(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    """What is wrong between the plan of ``scenario``, its product and its packages, as (path, message)."""
    yield from _planned(scenario)
    if not any(map(scenario.is_planned_for, scenario.fleet.sources)):
        yield ("fleet",), f"no device is of the product {quoted(scenario.product.name)}, which the plan is for"


def _among_products(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    """Names are unique, model names are so in a project, keys are unique, and a component is of one type."""
    seen = [scenario.product]
    for index, product in enumerate(scenario.products):
        where: Key = ("products", index)
        for other in seen:
            if other.name == product.name:
                yield (*where, "name"), f"two products are called {quoted(product.name)}; each needs its own name"
            if other.pk == product.pk and "pk" in product.model_fields_set & other.model_fields_set:
                yield (*where, "pk"), f"{quoted(other.name)} has the key {quoted(product.pk)} already; keys are unique"
            written = "name" in product.model.model_fields_set & other.model.model_fields_set
            if written and (other.project, other.model.name) == (product.project, product.model.name):
                message = f"the project {quoted(product.project)} has a model of this name already; it is unique there"
                yield (*where, "model", "name"), message
            for number, each in enumerate(product.model.components):
                if other.type_of(each.identifier) not in (None, each.type):
                    message = f"{quoted(each.identifier)} is of another type in {quoted(other.name)}; rename one"
                    yield (*where, "model", "components", number, "type"), message
        seen.append(product)


def _planned(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    """The plan's packages are valid for its product."""
    by_name = {package.name: package for package in scenario.packages}
    for index, name in enumerate(scenario.plan.packages):
        package = by_name.get(name)
        if package is None:
            continue  # told elsewhere
        ours = scenario.product.name
        if package.product not in (None, ours):
            message = (
                f"{quoted(name)} is valid for the product {quoted(package.product)} only, and the plan is for "
                f"{quoted(ours)}; choose another package"
            )
            yield ("plan", "packages", index), message
        elif scenario.product.type_of(package.component) is None and package.component in {
            each.identifier for each in scenario.components
        }:
            yield (
                ("plan", "packages", index),
                f"{quoted(name)} is for {quoted(package.component)}, which the product {quoted(ours)} does not have",
            )
