"""Functions compiled in parts: each typed and lowered once, and optimised only inside what Python calls.

numba compiles every function as if Python called it: wrappers, optimisation and machine code of its own. Then it links
it into each caller and optimises it there once more. Here a function is a *part* to compiled code that calls it: typed,
lowered to LLVM's language, and no more. A *whole* is what Python calls: it gathers the parts that it leads to, each
once, and is optimised and turned into machine code in one piece (docs/design.md, Compiled in parts).

All this stands on insides of numba. ``trouble`` says by name what has moved; then numba compiles alone
(``rules/compiled.py``).
"""

from __future__ import annotations

import gc
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import llvmlite.binding as llvm
import numba
from numba import types
from numba.core import (
    base,
    callconv,
    cgutils,
    codegen,
    compiler,
    cpu,
    dispatcher,
    funcdesc,
    lowering,
    typed_passes,
    untyped_passes,
)
from numba.core.compiler_machinery import LoweringPass, PassManager, _pass_registry, register_pass
from numba.core.registry import CPUDispatcher, cpu_target
from numba.extending import lower_builtin, type_callable

from fota_sim.rules.bounds import BOUNDS
from fota_sim.rules.calls import calling, context_for_part
from fota_sim.rules.compiling import compiling

KNOWN = ((0, 68), (0, 69))
"""numba from this version on and below that one: those whose insides are as they are taken here."""

OPTIONS: dict[str, Any] = {"nopython": True, "nogil": True, "fastmath": False, "_nrt": False, "error_model": "numpy"}
OPTIONS["boundscheck"] = BOUNDS
"""No array is made by a rule, so none has its references counted (``_nrt``). Error model: ``rules/calls.py``."""

_LEANED_ON: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (base, "user_function", ("fndesc", "libs")),
    (callconv.CPUCallConv, "return_value", ("self", "builder", "retval")),
    (callconv.CPUCallConv, "get_arguments", ("self", "func")),
    (callconv.CPUCallConv, "return_status_propagate", ("self", "builder", "status")),
    (cpu.CPUContext, "declare_function", ("self", "module", "fndesc")),
    (cpu.CPUContext, "get_arg_packer", ("self", "fe_args")),
    (cpu.CPUContext, "get_returned_value", ("self", "builder", "ty", "val")),
    (codegen.CPUCodeLibrary, "__init__", ("self", "codegen", "name")),
    (codegen.CPUCodeLibrary, "add_llvm_module", ("self", "ll_module")),
    (codegen.CPUCodeLibrary, "add_linking_library", ("self", "library")),
    (codegen.CPUCodeLibrary, "finalize", ("self",)),
    (codegen.CPUCodeLibrary, "_get_module_for_linking", ("self",)),
    (PassManager, "run", ("self", "state")),
    (compiler.DefaultPassBuilder, "define_nopython_pipeline", ("state", "name")),
    (compiler.CompileResult, "_reduce", ("self",)),
    (dispatcher.Dispatcher, "compile", ("self", "sig")),
    (dispatcher.Dispatcher, "_compile_for_args", ("self", "args", "kws")),
    (dispatcher.Dispatcher, "add_overload", ("self", "cres")),
    (dispatcher.Dispatcher, "get_call_template", ("self", "args", "kws")),
    (dispatcher.Dispatcher, "get_overload", ("self", "sig")),
    (lowering.Lower, "__init__", ("self", "context", "library", "fndesc", "func_ir", "metadata")),
    (typed_passes.NativeLowering, "run_pass", ("self", "state")),
    (types.Record, "__repr__", ("self",)),
    (type(cpu_target.typing_context), "resolve_function_type", ("self", "func", "args", "kws")),
)
"""What is overridden or called, and its parameters."""


def trouble() -> str:
    """Why parts cannot be made with this numba: what has moved, by name; nothing if all is as known."""
    version = tuple(int(number) for number in numba.__version__.split(".")[:2])
    if not KNOWN[0] <= version < KNOWN[1]:
        return f"numba {numba.__version__} is not one of those that are known ({KNOWN[0][0]}.{KNOWN[0][1]})"
    for owner, name, parameters in _LEANED_ON:
        found = getattr(owner, name, None)
        if found is None:
            return f"numba {numba.__version__} has no {owner.__name__}.{name}"
        if tuple(inspect.signature(found).parameters) != parameters:
            return f"numba {numba.__version__} has another {owner.__name__}.{name}{inspect.signature(found)}"
    return ""


class _Entry:
    """Stands for a part where numba wants to know what to call."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *_: Any) -> None:
        raise TypeError(f"{self.name} is a part of compiled code; Python does not call it")


class PartLibrary(codegen.JITCodeLibrary):
    """A part's code as it was lowered, neither optimised nor turned into machine code."""

    def __init__(self, of: Any, name: str) -> None:
        """Without the empty module that numba begins with."""
        codegen.CodeLibrary.__init__(self, of, name)
        self._linking_libraries: list[Any] = []
        self._final_module: Any = None
        self._shared_module: Any = None

    def add_ir_module(self, ir_module: Any) -> None:
        """Neither checked nor gone over function by function: that is done once, for the whole."""
        self._raise_if_finalized()
        module = llvm.parse_assembly(cgutils.normalize_ir_text(str(ir_module)))
        if self._final_module is None:
            module.data_layout = self._codegen._data_layout
            self._final_module = module
        else:
            self._final_module.link_in(module)

    def finalize(self) -> None:
        """Nothing can be added any more; that is all."""
        self._raise_if_finalized()
        self._finalized = True

    def _get_module_for_linking(self) -> Any:
        """With the parts it leads to: for functions that numba compiles in its own way and that call a rule."""
        if self._shared_module is None:
            whole = self._final_module.clone()
            parts = list(_parts_behind(self))
            for part in parts:
                whole.link_in(part._final_module, preserve=True)
            for other in _others_of([self, *parts]):
                whole.link_in(other._get_module_for_linking(), preserve=True)
            for function in whole.functions:
                if not function.is_declaration and function.linkage.name == "external":
                    function.linkage = "linkonce_odr"
            self._shared_module = whole
        return self._shared_module


def _parts_behind(library: Any) -> Iterator[Any]:
    """The parts that a library leads to, itself excluded, each once, in the order in which they are first named."""
    seen = {library}
    waiting = list(reversed(library._linking_libraries))
    while waiting:
        found = waiting.pop()
        if found not in seen and isinstance(found, PartLibrary):
            seen.add(found)
            waiting.extend(reversed(found._linking_libraries))
            yield found


def _others_of(libraries: list[Any]) -> list[Any]:
    """What these lead to that is no part, each once: numba's own functions, such as ``min``."""
    named = (each for library in libraries for each in library._linking_libraries)
    return list(dict.fromkeys(each for each in named if not isinstance(each, PartLibrary)))


_WITHIN = ".within"
"""Ends the name of a part inside a whole. LLVM changes how such a part is called, and the loader finds code by name,
hidden or not: the same part linked elsewhere must not be taken for it."""


class WholeLibrary(codegen.JITCodeLibrary):
    """The code of what Python calls, with all parts that it leads to."""

    def add_llvm_module(self, ll_module: Any) -> None:
        """As for a part: everything is optimised together in the end."""
        self._final_module.link_in(ll_module)

    def finalize(self) -> None:
        """Gather the parts, hide them from everybody else, and have numba optimise and make machine code."""
        own = {function.name for function in self._final_module.functions if not function.is_declaration}
        parts = list(_parts_behind(self))
        for part in parts:
            self._final_module.link_in(part._final_module, preserve=True)
            self._reload_init.update(part._reload_init)
        for function in self._final_module.functions:
            if not function.is_declaration and function.name not in own:
                function.linkage = "internal"
                function.name = f"{function.name}{_WITHIN}"
        self._linking_libraries = _others_of([self, *parts])
        compiling.optimises(len(parts))
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Once: numba goes over everything twice, to find references that need not be counted."""
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(LoweringPass):
    """What numba's own lowering does, but for wrappers, optimisation and machine code."""

    _name = "part_lowering"

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Lower the function into a library of its own, and let callers know of it."""
        context, flags = state.targetctx, state.flags
        library = state.library = PartLibrary(context.codegen(), state.func_id.func_qualname)
        library._reload_init.update(state.reload_init)
        description = funcdesc.PythonFunctionDescriptor.from_specialized_function(
            state.func_ir,
            state.typemap,
            state.return_type,
            state.calltypes,
            mangler=context.mangler,
            inline=flags.forceinline,
            noalias=flags.noalias,
            abi_tags=[flags.get_mangle_string()],
        )
        with context.push_code_library(library):
            inside = context_for_part(context, description)
            lower = lowering.Lower(inside, library, description, state.func_ir, metadata=state.metadata)
            lower.lower()
        library.finalize()
        entry = _Entry(description.qualname)
        called = calling(description, library)
        context._defns[entry].append(called, description.argtypes)
        state.reload_init.extend(library._reload_init)
        state["cr"] = compiler._LowerResult(description, lower.call_helper, cfunc=entry, env=lower.env)
        return True


_PASSES = (
    untyped_passes.TranslateByteCode,
    untyped_passes.FixupArgs,
    untyped_passes.IRProcessing,
    untyped_passes.RewriteSemanticConstants,
    untyped_passes.DeadBranchPrune,
    untyped_passes.GenericRewrites,
    untyped_passes.ReconstructSSA,
    typed_passes.NopythonTypeInference,
    typed_passes.PreLowerStripPhis,
    typed_passes.IRLegalization,
    _PartLowering,
    typed_passes.NoPythonBackend,
)
"""Of numba's, without those for what no rule has: closures, ``with``, array expressions, loops over literal tuples."""


class _Plainly(PassManager):
    """Runs its passes one after the other; numba times each, and tells of it whoever listens."""

    def run(self, state: Any) -> None:
        """All passes, on the state of one function."""
        for each, _ in self.passes:
            found = _pass_registry.get(each).pass_inst
            found.analysis = self._analysis
            found.run_pass(state)


class _PartCompiler(compiler.CompilerBase):
    def define_pipelines(self) -> list[Any]:
        manager = _Plainly("part")
        for each in _PASSES:
            manager.add_pass(each, each.__name__)
        manager.finalize()
        return [manager]


class _WholeCompiler(compiler.CompilerBase):
    def define_pipelines(self) -> list[Any]:
        state = self.state
        state.library = WholeLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return [compiler.DefaultPassBuilder.define_nopython_pipeline(state)]


class Part(CPUDispatcher):
    """A function as compiled code calls it: once for a type, not for each constant and each width of integer."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function, targetoptions=dict(OPTIONS), pipeline_class=_PartCompiler)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """For the wide types of what it is called with."""
        return super().get_call_template(tuple(map(wide, args)), {name: wide(kind) for name, kind in kws.items()})

    def compile(self, sig: Any) -> Any:
        """Type and lower it."""
        known = tuple(sig) in self.overloads
        entry = super().compile(sig)
        if not known:
            compiling.typed(self.py_func.__name__)
        return entry

    def add_overload(self, cres: Any) -> None:
        """For callers among compiled code only: Python has nothing to call."""
        self.overloads[tuple(cres.signature.args)] = cres

    def _compile_for_args(self, *_args: Any, **_kws: Any) -> Any:
        """What Python calls: the function itself. A word as plain Python has it would not fit a compiled integer."""
        return self.py_func


class Whole(CPUDispatcher):
    """A function as Python calls it; compiled code that calls it gets its part."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function, targetoptions=dict(OPTIONS), pipeline_class=_WholeCompiler)
        self._part = Part(function)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """That of the part."""
        return self._part.get_call_template(args, kws)

    def get_overload(self, sig: Any) -> Any:
        """That of the part."""
        return self._part.get_overload(sig)


_OBJECTS = 100_000  # made before Python looks for circles among them; numba's trees have many, and none is freed


@contextmanager
def quick() -> Iterator[None]:
    """Conditions under which numba is quick: a third of its time goes into what is done again and again otherwise.

    Fewer looks for garbage; the long names of record types made once, not for each pass over each function; and what
    an operator gives for numbers looked up once, not in some dozens of templates each time.
    """
    thresholds = gc.get_threshold()
    record: Any = types.Record
    named = record.__repr__
    context = cpu_target.typing_context
    resolved = context.resolve_function_type
    known: dict[Any, Any] = {}

    def name_once(self: Any) -> str:
        if "_name_once" not in self.__dict__:
            self.__dict__["_name_once"] = named(self)
        return str(self.__dict__["_name_once"])

    def resolve_once(function: Any, arguments: Any, keywords: Any) -> Any:
        if keywords or not isinstance(function, types.Function) or not all(map(_is_number, arguments)):
            return resolved(function, arguments, keywords)
        question = (function, tuple(arguments))
        if question not in known:
            known[question] = resolved(function, arguments, keywords)
        return known[question]

    gc.set_threshold(_OBJECTS, *thresholds[1:])
    record.__repr__ = name_once
    context.resolve_function_type = resolve_once
    try:
        yield
    finally:
        context.resolve_function_type = resolved
        record.__repr__ = named
        gc.set_threshold(*thresholds)


def _is_number(kind: Any) -> bool:
    return isinstance(kind, types.Number | types.Boolean)


def wide(kind: Any) -> Any:
    """The type that an argument is taken as: no constant, and integers as 64 bits wide; words stay words."""
    unliteral: Any = types.unliteral
    signed: Any = types.signed_domain
    kind = unliteral(kind)
    return types.int64 if kind in signed else kind


def word(function: Callable[[int], int]) -> None:
    """Have compiled code take ``function`` as the conversion to a 64-bit word."""

    @type_callable(function)
    def typed(_context: Any) -> Any:
        return lambda x: types.uint64 if isinstance(x, types.Integer | types.Boolean) else None

    @lower_builtin(function, types.Any)
    def lowered(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.cast(builder, arguments[0], signature.args[0], types.uint64)
