// The rows of the benchmark about types and lists of numbers with nanobind, as a user writes them.
#include <nanobind/nanobind.h>
#include <nanobind/operators.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <vector>

namespace nb = nanobind;

struct Point {
    double x, y;

    double squared() const { return x * x + y * y; }
    double dot(const Point &other) const { return x * other.x + y * other.y; }
    void shift(double dx, double dy) {
        x += dx;
        y += dy;
    }
    Point operator+(const Point &other) const { return {x + other.x, y + other.y}; }
    double operator()(double at) const { return x * at + y; }
};

NB_MODULE(types_nanobind, m) {
    nb::class_<Point>(m, "Point")
        .def("__init__", [](Point *self, double x, double y) { new (self) Point{x, y}; })
        .def_rw("x", &Point::x)
        .def_rw("y", &Point::y)
        .def_prop_ro("squared", &Point::squared)
        .def("square", &Point::squared)
        .def("dot", &Point::dot)
        .def("shift", &Point::shift)
        .def(nb::self + nb::self)
        .def("__call__", &Point::operator());

    m.def("sum_floats", [](const std::vector<double> &numbers) {
        double sum = 0;
        for (double number : numbers)
            sum += number;
        return sum;
    });
    m.def("sum_ints", [](const std::vector<int64_t> &numbers) {
        uint64_t sum = 0;
        for (int64_t number : numbers)
            sum += (uint64_t)number;
        return (int64_t)sum;
    });
    m.def("negate", [](nb::list numbers) {
        auto values = nb::cast<std::vector<double>>(numbers);
        for (size_t i = 0; i < values.size(); i++)
            numbers[i] = -values[i];
    });
}
