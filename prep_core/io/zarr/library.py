"""zarr, imported when the first Zarr array is met: that takes a third of a second, and most sessions never meet one."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray


def buffer(data: bytes) -> Any:
    """`data` as zarr keeps it."""
    from zarr.buffer.cpu import Buffer

    return Buffer.from_bytes(data)


def opened(kept: Mapping[str, Any], version: int) -> Any:
    """The array whose files, as `buffer` gives them, are in `kept`."""
    import zarr
    from zarr.storage import MemoryStore

    return zarr.open_array(MemoryStore(kept, read_only=True), mode="r", zarr_format=version)


def read_into(out: NDArray[Any], array: Any, region: tuple[slice, ...]) -> None:
    """Put the numbers at `region` of `array`, which `opened` gave, into `out`."""
    from zarr.buffer.cpu import NDBuffer

    array.get_basic_selection(region, out=NDBuffer.from_numpy_array(out))
