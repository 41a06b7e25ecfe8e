"""Rows, arrays and numbers in the run's memory: compiled code reads an address, plain Python an array over it.

Each accessor is made twice from one description: for numba as pointer arithmetic and a load, which costs nothing to
type and lets LLVM keep addresses in registers; for plain Python (``FOTA_SIM_RULES=python``) as a NumPy array over the
same memory.

In a build with bounds checks (``rules/bounds.py``) compiled accessors look first whether the row is there; each array
then stands in a frame that says how long it is (``frames.py``).
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array

from fota_sim.engines.compiled import frames
from fota_sim.engines.compiled.layout import LINE_B, WORLD
from fota_sim.rules.bounds import BOUNDS
from fota_sim.rules.compiled import COMPILED

Accessor = Callable[..., Any]

_BYTE = ir.IntType(8)
_WORD = ir.IntType(64)
_WORD_B = 8


def _array_over(address: int, shape: tuple[int, ...], kind: Any) -> Any:
    """A NumPy array over memory that somebody else keeps."""
    size_B = int(np.prod(shape)) * np.dtype(kind).itemsize
    if size_B == 0:
        return np.zeros(shape, dtype=kind)
    memory = (ctypes.c_char * size_B).from_address(int(address))
    return np.frombuffer(memory, dtype=kind).reshape(shape)


def _field(builder: Any, world: Any, name: str) -> Any:
    """A 64-bit number of the world."""
    place = cgutils.get_record_member(builder, world, _offset(name), _WORD)
    found = builder.load(place, align=_WORD_B)
    if name.endswith("_at"):  # Python moves arrays, and only between two calls
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found


def _offset(name: str) -> int:
    fields: Any = WORLD.fields
    return int(fields[name][1])


def _pointer(builder: Any, address: Any, to: Any) -> Any:
    return builder.inttoptr(address, ir.PointerType(to))


def _scaled(builder: Any, address: Any, row: Any, size_B: int) -> Any:
    return builder.add(address, builder.mul(row, ir.Constant(_WORD, size_B)))


def _row(context: Any, builder: Any, address: Any, row: Any, size_B: int) -> Any:
    """The address of a row of the array at ``address``, which is checked if this is a build for it."""
    if BOUNDS:
        _check(context, builder, address, row, size_B)
    return _scaled(builder, address, row, size_B)


def _check(context: Any, builder: Any, address: Any, row: Any, size_B: int, more: int = 0) -> None:
    """Raise IndexError in compiled code unless the array has the row; ``more`` rows may begin behind the last."""
    before = _pointer(builder, builder.sub(address, ir.Constant(_WORD, LINE_B)), _WORD)

    def word(where: Any, number: int) -> Any:
        return builder.gep(where, [ir.Constant(_WORD, number)])

    array_B = builder.load(word(before, frames.SIZE_B))
    rows = builder.add(builder.udiv(array_B, ir.Constant(_WORD, size_B)), ir.Constant(_WORD, more))
    with cgutils.if_unlikely(builder, builder.icmp_unsigned(">=", row, rows)):
        report = _pointer(builder, builder.load(word(before, frames.REPORT)), _WORD)
        name = builder.load(word(before, frames.NAME))
        said = {frames.FOUND: 1, frames.WHICH: name, frames.ROW: row, frames.ROW_B: size_B, frames.ARRAY_B: array_B}
        for number, value in said.items():
            builder.store(ir.Constant(_WORD, value) if isinstance(value, int) else value, word(report, number))
        context.call_conv.return_user_exc(builder, IndexError, ("a row is not there",))


def rows(name: str, kind: np.dtype[Any]) -> Accessor:
    """``f(w, row)``: a record of the array at ``<name>_at``."""
    record = numba.from_dtype(kind)

    def compiled(_context: Any, w: Any, row: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            address = _field(builder, arguments[0], f"{name}_at")
            place = _row(context, builder, address, arguments[1], kind.itemsize)
            return builder.inttoptr(place, context.get_value_type(record))

        return record(w, types.int64), build

    def plain(w: Any, row: int) -> Any:
        return _array_over(w[f"{name}_at"] + int(row) * kind.itemsize, (1,), kind).view(np.recarray)[0]

    return intrinsic(compiled) if COMPILED else plain


def only(name: str, kind: np.dtype[Any]) -> Accessor:
    """``f(w)``: the record at ``<name>_at``, of which there is one."""
    record = numba.from_dtype(kind)

    def compiled(_context: Any, w: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(_field(builder, arguments[0], f"{name}_at"), context.get_value_type(record))

        return record(w), build

    def plain(w: Any) -> Any:
        return _array_over(w[f"{name}_at"], (1,), kind).view(np.recarray)[0]

    return intrinsic(compiled) if COMPILED else plain


def copied(names: Sequence[str], source: np.dtype[Any], target: np.dtype[Any]) -> Accessor:
    """``f(one, other)``: copy fields that both kinds of record have from one to the other."""
    places: tuple[Any, Any] = source.fields, target.fields
    assert all(places[0][name][0] == places[1][name][0] for name in names)

    def compiled(_context: Any, one: Any, other: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            for name in names:
                kind, size_B = context.get_data_type(numba.from_dtype(source[name])), source[name].itemsize
                there, here = (
                    cgutils.get_record_member(builder, record, int(fields[name][1]), kind)
                    for record, fields in zip(arguments, places, strict=True)
                )
                builder.store(builder.load(there, align=size_B), here, align=size_B)
            return context.get_dummy_value()

        return types.void(one, other), build

    def plain(one: Any, other: Any) -> None:
        for name in names:
            other[name] = one[name]

    return intrinsic(compiled) if COMPILED else plain


def array(name: str, kind: Any, shape: Sequence[int | str]) -> Accessor:
    """``f(w)``: the array at ``<name>_at``; its shape in numbers, or in names of the world's fields."""
    lengths = tuple(shape)
    found = types.Array(numba.from_dtype(np.dtype(kind)), len(lengths), "C")

    def compiled(_context: Any, w: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            data = _field(builder, arguments[0], f"{name}_at")
            counts = [_length(builder, arguments[0], n) for n in lengths]
            if BOUNDS:
                items = functools.reduce(builder.mul, counts)
                _check(context, builder, data, items, np.dtype(kind).itemsize, more=1)
            return _array(context, builder, found, data, counts)

        return found(w), build

    def plain(w: Any) -> Any:
        return _array_over(w[f"{name}_at"], tuple(_plain_length(w, n) for n in lengths), kind)

    return intrinsic(compiled) if COMPILED else plain


def row_of(name: str, kind: Any, length: int) -> Accessor:
    """``f(w, row)``: a row of the array at ``<name>_at`` whose rows are so long; shape (length,)."""
    found = types.Array(numba.from_dtype(np.dtype(kind)), 1, "C")
    size_B = length * np.dtype(kind).itemsize

    def compiled(_context: Any, w: Any, row: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            address = _field(builder, arguments[0], f"{name}_at")
            data = _row(context, builder, address, arguments[1], size_B)
            return _array(context, builder, found, data, [ir.Constant(_WORD, length)])

        return found(w, types.int64), build

    def plain(w: Any, row: int) -> Any:
        return _array_over(w[f"{name}_at"] + int(row) * size_B, (length,), kind)

    return intrinsic(compiled) if COMPILED else plain


def span(name: str, index: str, kind: Any, columns: int) -> Accessor:
    """``f(w, number)``: rows of the array at ``<name>_at`` from one up to another, a pair in ``<index>_at``."""
    found = types.Array(numba.from_dtype(np.dtype(kind)), 2, "C")
    row_B = columns * np.dtype(kind).itemsize

    def compiled(_context: Any, w: Any, _number: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            pair = _row(context, builder, _field(builder, arguments[0], f"{index}_at"), arguments[1], 2 * _WORD_B)
            begin = builder.load(_pointer(builder, pair, _WORD), align=_WORD_B)
            end = builder.load(_pointer(builder, builder.add(pair, ir.Constant(_WORD, _WORD_B)), _WORD), align=_WORD_B)
            all_rows = _field(builder, arguments[0], f"{name}_at")
            if BOUNDS:
                for edge in (begin, end):
                    _check(context, builder, all_rows, edge, row_B, more=1)
            data = _scaled(builder, all_rows, begin, row_B)
            return _array(context, builder, found, data, [builder.sub(end, begin), ir.Constant(_WORD, columns)])

        return found(w, types.int64), build

    def plain(w: Any, number: int) -> Any:
        begin, end = _array_over(w[f"{index}_at"] + int(number) * 2 * _WORD_B, (2,), np.int64)
        return _array_over(w[f"{name}_at"] + int(begin) * row_B, (int(end - begin), columns), kind)

    return intrinsic(compiled) if COMPILED else plain


def number(kind: Any) -> Accessor:
    """``f(address, row)``: a number, integers widened to 64 bits."""
    stored = numba.from_dtype(np.dtype(kind))
    given = types.int64 if stored in types.signed_domain else stored
    size_B = np.dtype(kind).itemsize

    def compiled(_context: Any, address: Any, row: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            place = _row(context, builder, arguments[0], arguments[1], size_B)
            place = _pointer(builder, place, context.get_data_type(stored))
            return context.cast(builder, context.unpack_value(builder, stored, place), stored, given)

        return given(types.int64, types.int64), build

    def plain(address: int, row: int) -> Any:
        return _array_over(int(address) + int(row) * size_B, (1,), kind)[0].item()

    return intrinsic(compiled) if COMPILED else plain


def put_number(kind: Any) -> Accessor:
    """``f(address, row, value)``: write a number."""
    stored = numba.from_dtype(np.dtype(kind))
    given = types.int64 if stored in types.signed_domain else stored
    size_B = np.dtype(kind).itemsize

    def compiled(_context: Any, address: Any, row: Any, value: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            place = _row(context, builder, arguments[0], arguments[1], size_B)
            place = _pointer(builder, place, context.get_data_type(stored))
            context.pack_value(builder, stored, context.cast(builder, arguments[2], given, stored), place)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, given), build

    def plain(address: int, row: int, value: Any) -> None:
        _array_over(int(address) + int(row) * size_B, (1,), kind)[0] = value

    return intrinsic(compiled) if COMPILED else plain


def _array(context: Any, builder: Any, kind: Any, address: Any, lengths: list[Any]) -> Any:
    """An array value over an address; C order."""
    item = context.get_data_type(kind.dtype)
    item_B = context.get_abi_sizeof(item)
    strides: list[Any] = [ir.Constant(_WORD, item_B)]
    for length in reversed(lengths[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    value = make_array(kind)(context, builder)
    populate_array(
        value,
        data=_pointer(builder, address, item),
        shape=lengths,
        strides=strides,
        itemsize=ir.Constant(_WORD, item_B),
        meminfo=None,
    )
    return value._getvalue()


def _length(builder: Any, world: Any, length: int | str) -> Any:
    if isinstance(length, int):
        return ir.Constant(_WORD, length)
    name, _, more = length.partition("+")
    found = _field(builder, world, name)
    return builder.add(found, ir.Constant(_WORD, int(more))) if more else found


def _plain_length(w: Any, length: int | str) -> int:
    if isinstance(length, int):
        return length
    name, _, more = length.partition("+")
    return int(w[name]) + int(more or 0)


def _compiled_prefetch(_context: Any, address: Any) -> Any:
    def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        _prefetch(builder, arguments[0])
        return context.get_dummy_value()

    return types.void(types.int64), build


def _prefetch(builder: Any, address: Any) -> None:
    there = builder.inttoptr(address, ir.PointerType(_BYTE))
    number = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [there.type, number, number, number])
    fetch = builder.module.declare_intrinsic("llvm.prefetch", [there.type], kind)
    builder.call(fetch, [there, number(0), number(3), number(1)])  # to read, to keep, data


def _no_prefetch(*_: Any) -> None:
    return None


prefetch: Any = intrinsic(_compiled_prefetch) if COMPILED else _no_prefetch
"""Have the line of memory at an address brought near, while something else is done."""


def prefetched(columns: Mapping[str, str]) -> Accessor:
    """``f(w, device)``: have a device's entry of each column brought near. ``columns``: name and kind of number.

    A column is at ``<name>_at``; the entry is in row device * ``<name>_step``.
    """

    def compiled(_context: Any, w: Any, device: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            world, device = arguments
            for name, kind in columns.items():
                entry_B = builder.mul(device, ir.Constant(_WORD, np.dtype(kind).itemsize))
                at_B = builder.mul(entry_B, _field(builder, world, f"{name}_step"))
                _prefetch(builder, builder.add(_field(builder, world, f"{name}_at"), at_B))
            return context.get_dummy_value()

        return types.void(w, types.int64), build

    return intrinsic(compiled) if COMPILED else _no_prefetch
