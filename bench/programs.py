"""Two whole programs in Python, whose objects a peer provides: `bench/driver.py` measures them.

`trees` makes binary trees, many that are dropped at once and one that stays, and counts their
nodes. `pendulum` moves a cart with a pendulum by steps of Runge and Kutta, with small arrays.
"""


def make(node, depth):
    if depth == 0:
        return node(None, None)
    return node(make(node, depth - 1), make(node, depth - 1))


def count(tree):
    left = tree.left
    if left is None:
        return 1
    return 1 + count(left) + count(tree.right)


def trees(node):
    stays = make(node, 9)
    total = 0
    for depth in (2, 4, 6, 8):
        for _ in range(1 << (8 - depth)):
            total += count(make(node, depth))
    return total + count(stays)


def derivative(zeros, state, force):
    angle, speed, spin = state[1], state[2], state[3]
    # The sine and the cosine of a small angle, by their series.
    square = angle * angle
    sine = angle * (1.0 - square / 6.0 * (1.0 - square / 20.0))
    cosine = 1.0 - square / 2.0 * (1.0 - square / 12.0)
    mass = 1.0 + 0.1 * sine * sine
    change = zeros(4)
    change[0] = speed
    change[1] = spin
    change[2] = (force + 0.1 * sine * (0.5 * spin * spin - 9.81 * cosine)) / mass
    change[3] = (11.0 * 9.81 * sine - cosine * force - 0.05 * spin * spin * cosine * sine) / (
        5.0 * mass
    )
    return change


def pendulum(zeros):
    state = zeros(4)
    state[1] = 0.1
    step = 0.005
    for _ in range(100):
        # Pushes against the fall.
        force = 12.0 * state[1] + 3.0 * state[3] + 0.2 * state[0] + 0.5 * state[2]
        first = derivative(zeros, state, force)
        second = derivative(zeros, state + first * (step / 2.0), force)
        third = derivative(zeros, state + second * (step / 2.0), force)
        fourth = derivative(zeros, state + third * step, force)
        state = state + (first + second * 2.0 + third * 2.0 + fourth) * (step / 6.0)
    return [round(state[place], 9) for place in range(len(state))]
