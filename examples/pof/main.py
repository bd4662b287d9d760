"""HPy's proof of concept, in Rust."""

import pof
import pofcpp

print(pof.double(21), pof.add_ints(30, 12), pofcpp.add_ints_kw(b=30, a=12))
print(pof.Point(1, 2), pofcpp.Point(1, 2))
