"""A list of linked nodes, used as Python code would."""

from linked_list import LinkedList

numbers = LinkedList(range(1, 4))
numbers.append(4)
numbers.prepend(0)
print(numbers, "has", len(numbers), "values")

numbers.reverse()
print("the other way round:", list(numbers))
print("the first:", numbers.pop(), "and then:", numbers.first.value)

# A list may be in itself: the garbage collector finds that out.
numbers.append(numbers)
print(sum(1 for value in numbers if value is numbers), "of them is the list")
