from types import ModuleType
from typing import Any, Final, Mapping, Optional, Tuple

MODE_UNIVERSAL: Final = 0
MODE_DEBUG: Final = 1
MODE_TRACE: Final = 2

def load(name: str, path: str, spec: Any, debug: bool = ..., mode: int = -1) -> ModuleType: ...
def _load_bootstrap(
    name: str,
    ext_name: str,
    package: Optional[str],
    file: str,
    loader: Any,
    spec: Any,
    env: Mapping[str, str],
) -> ModuleType: ...
def get_version() -> Tuple[str, str]: ...
