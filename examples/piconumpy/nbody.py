"""Bodies that attract each other, in the plane, written for arrays of whatever module is given."""


def bodies(count):
    """The same ones each time: positions, velocities and masses as lists."""
    seed = 1
    numbers = []
    for _ in range(5 * count):
        seed = seed * 1103515245 + 12345 & 0x7FFFFFFF
        numbers.append(seed / 0x7FFFFFFF - 0.5)
    x, y, u, v, masses = (numbers[start::5] for start in range(5))
    return x, y, u, v, [abs(mass) + 0.1 for mass in masses]


def simulate(arrays, count, steps, dt=0.01, softening=1e-3):
    """Positions and velocities after some steps, as one list of floats."""
    x, y, u, v, masses = map(arrays.array, bodies(count))
    for _ in range(steps):
        for place in range(count):
            dx, dy = x - x[place], y - y[place]
            squares = dx * dx + dy * dy + softening
            pulls = masses / (squares * squares.sqrt()) * dt
            u[place] += pulls.dot(dx)
            v[place] += pulls.dot(dy)
        x += u * dt
        y += v * dt
    return x.tolist() + y.tolist() + u.tolist() + v.tolist()
