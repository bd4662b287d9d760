"""Readings of weather stations: the plausible ones, and what each station has measured.

With polars or pyarrow the table is theirs. Without them it is made of lists.
"""

from __future__ import annotations

import table_filter

READINGS = {
    "station": ["north", "south", "north", "south", "west", "north"],
    "celsius": [-3.5, 18.0, 999.0, 22.5, None, -1.0],
}


def main() -> None:
    try:
        import polars
    except ImportError:
        polars = None
    readings = polars.DataFrame(READINGS) if polars else table_filter.table(READINGS)
    plausible = table_filter.between(readings, "celsius", -60, 60)
    summary = table_filter.summary(plausible, by="station", of="celsius")
    if polars:
        print(polars.DataFrame(summary))
        return
    columns = table_filter.lists(summary)
    print(*columns, sep="\t")
    for row in zip(*columns.values()):
        print(*row, sep="\t")


if __name__ == "__main__":
    main()
