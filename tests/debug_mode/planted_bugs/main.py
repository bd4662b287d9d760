import sys

import planted_rust

print(planted_rust.leak("word"), sys.argv[1:])
