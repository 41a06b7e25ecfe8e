"""Numbers that two threads read and write: each of these happens as a whole, and what was written before is seen after.

Plain Python has one thread in the loop, so there they are plain reads and writes.
"""

from __future__ import annotations

import ctypes
import os
import platform
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from fota_sim.rules.compiled import COMPILED

_WORD = ir.IntType(64)
_WORD_B = 8
_X86 = platform.machine().lower() in ("x86_64", "amd64")
_YIELDS = hasattr(os, "sched_yield")


def _place(builder: Any, address: Any) -> Any:
    return builder.inttoptr(address, ir.PointerType(_WORD))


def _compiled_load(_context: Any, address: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.load_atomic(_place(builder, arguments[0]), "acquire", _WORD_B)

    return types.int64(types.int64), build


def _compiled_store(_context: Any, address: Any, value: Any) -> Any:
    def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        builder.store_atomic(arguments[1], _place(builder, arguments[0]), "release", _WORD_B)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), build


def _compiled_swap(_context: Any, address: Any, found: Any, wanted: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        place = _place(builder, arguments[0])
        both = builder.cmpxchg(place, arguments[1], arguments[2], "acq_rel", "acquire")
        return builder.extract_value(both, 1)

    return types.boolean(types.int64, types.int64, types.int64), build


def _compiled_add(_context: Any, address: Any, value: Any) -> Any:
    def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        builder.atomic_rmw("add", _place(builder, arguments[0]), arguments[1], "acq_rel")
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), build


def _compiled_relax(_context: Any) -> Any:
    def build(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        if _X86:
            kind = ir.FunctionType(ir.VoidType(), [])
            builder.call(builder.module.declare_intrinsic("llvm.x86.sse2.pause", [], kind), [])
        return context.get_dummy_value()

    return types.void(), build


def _compiled_make_way(_context: Any) -> Any:
    def build(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        if _YIELDS:
            number = ir.IntType(32)
            name = "sched_yield"
            there = builder.module.globals.get(name) or ir.Function(
                builder.module, ir.FunctionType(number, []), name=name
            )
            builder.call(there, [])
        return context.get_dummy_value()

    return types.void(), build


def _word(address: int) -> Any:
    return ctypes.c_int64.from_address(int(address))


def _load(address: int) -> int:
    return int(_word(address).value)


def _store(address: int, value: int) -> None:
    _word(address).value = int(value)


def _swap(address: int, found: int, wanted: int) -> bool:
    word = _word(address)
    if word.value != found:
        return False
    word.value = int(wanted)
    return True


def _add(address: int, value: int) -> None:
    _word(address).value += int(value)


def _nothing() -> None:
    return None


load: Any = intrinsic(_compiled_load) if COMPILED else _load
"""load(address): the number that is there."""
store: Any = intrinsic(_compiled_store) if COMPILED else _store
"""store(address, value): put a number there."""
swap: Any = intrinsic(_compiled_swap) if COMPILED else _swap
"""swap(address, found, wanted): put ``wanted`` there if ``found`` still is; whether it was."""
add: Any = intrinsic(_compiled_add) if COMPILED else _add
"""add(address, value): add to the number that is there."""
relax: Any = intrinsic(_compiled_relax) if COMPILED else _nothing
"""relax(): a moment of waiting, in which the other thread of the same core goes faster."""
make_way: Any = intrinsic(_compiled_make_way) if COMPILED else _nothing
"""make_way(): let another thread have this core, if one wants it."""
