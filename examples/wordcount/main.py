"""The ten most frequent words in the source of argparse."""

import argparse

import wordcount

with open(argparse.__file__, encoding="utf-8") as file:
    text = file.read()

counts = wordcount.count(text)
parallel = wordcount.count_parallel(text, threads=4)
for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]:
    print("%6d  %s" % (count, word))
print("words:", wordcount.total(text))
print("in parallel the same:", parallel == counts)
