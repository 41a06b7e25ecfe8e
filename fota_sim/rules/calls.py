"""How parts call each other: arguments in, the result out, in registers.

numba has every function return a code that says whether it raised, and write its result and the exception where
pointers say. Callers make room for both, clear it, and look at the code. A rule raises nothing, so none of this is
needed; it was a sixth of all instructions of the event loop.

A division by zero gives infinity or nan, as in C, and not an error as in plain Python; ``FOTA_SIM_RULES=python`` and
``numba`` raise, and rules see to it that it does not come to that.

With bounds checks (``rules/bounds.py``) there is something to raise, so parts are called in numba's way, and an error
says in which part it arose.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import base, callconv, cgutils, cpu

from fota_sim.rules.bounds import BOUNDS

_parts: set[str] = set()
"""Names of the parts as LLVM has them; each is unique in the process."""


class _PartConvention(callconv.CPUCallConv):
    """That of numba, but for the inside of a part."""

    def return_value(self, builder: Any, retval: Any) -> Any:
        """Return it."""
        if builder.function.name in _parts:
            builder.ret(retval)
        else:
            super().return_value(builder, retval)

    def get_arguments(self, func: Any) -> Any:
        """All are the function's own."""
        return func.args if func.name in _parts else super().get_arguments(func)

    def return_status_propagate(self, builder: Any, status: Any) -> None:
        """One of numba's own functions would have raised, such as ``min`` of nothing: rules do not ask for that."""
        if builder.function.name in _parts:
            _stop(builder)
        else:
            super().return_status_propagate(builder, status)

    def return_user_exc(self, builder: Any, *args: Any, **kws: Any) -> None:
        """An exception that a rule would have raised."""
        if builder.function.name in _parts:
            _stop(builder)
        else:
            super().return_user_exc(builder, *args, **kws)


def _stop(builder: Any) -> None:
    """End the process: better than to go on with what is not so."""
    kind = ir.FunctionType(ir.VoidType(), [])
    builder.call(builder.module.declare_intrinsic("llvm.trap", fnty=kind), [])
    builder.unreachable()


class _RaisingConvention(callconv.CPUCallConv):
    """That of numba, with errors that say where."""

    def return_user_exc(self, builder: Any, exc: Any, exc_args: Any = None, *args: Any, **kws: Any) -> None:
        """Raise it."""
        said = " ".join(map(str, exc_args or ()))
        where = self.context.active_code_library.name
        super().return_user_exc(builder, exc, (f"{said} in {where}",), *args, **kws)


class _PartContext(cpu.CPUContext):
    """numba's, with which a part is lowered."""

    @property
    def call_conv(self) -> Any:
        """That of parts."""
        return _RaisingConvention(self) if BOUNDS else _PartConvention(self)

    def declare_function(self, module: Any, fndesc: Any) -> Any:
        """A part as a part, all else as numba has it."""
        if fndesc.mangled_name in _parts:
            return _declared(self, module, fndesc)
        return super().declare_function(module, fndesc)


def context_for_part(context: Any, description: Any) -> Any:
    """The context to lower the described function with, as a part."""
    if not BOUNDS:
        _parts.add(description.mangled_name)
    found = copy.copy(context)
    found.__class__ = _PartContext
    return found


def calling(description: Any, library: Any) -> Callable[..., Any]:
    """What numba's lowering does where the described part is called; its callers link ``library``."""
    if BOUNDS:
        numbas: Any = base
        found: Callable[..., Any] = numbas.user_function(description, (library,))
        return found

    def lowered(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        function = _declared(context, builder.module, description)
        packed = context.get_arg_packer(description.argtypes).as_arguments(builder, arguments)
        found = builder.call(function, packed)
        return context.get_returned_value(builder, description.restype, found)

    lowered.signature = description.argtypes  # type: ignore[attr-defined]  # where numba looks for them
    lowered.libs = (library,)  # type: ignore[attr-defined]
    return lowered


def _declared(context: Any, module: Any, description: Any) -> Any:
    given = list(context.get_arg_packer(description.argtypes).argument_types)
    result = context.data_model_manager[description.restype].get_return_type()
    function = cgutils.get_or_insert_function(module, ir.FunctionType(result, given), description.mangled_name)
    function.attributes.add("nounwind")
    return function
