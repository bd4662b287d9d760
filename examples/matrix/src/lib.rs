//! Matrices: operators with matrices and numbers on both sides, items by row and column, iteration
//! over rows, and memory that others see.

use hpy::buffer::{Export, Memory};
use hpy::exceptions::{IndexError, MemoryError, ValueError, ZeroDivisionError};
use hpy::prelude::*;
use hpy::{bail, ensure};

/// Floats in rows and columns.
#[hpy_type(name = "Matrix")]
struct Matrix {
    /// Row by row.
    items: Memory<f64>,
    rows: usize,
    columns: usize,
}

/// Goes through the rows of a matrix, as lists.
#[hpy_type]
struct Rows {
    matrix: Field<Matrix>,
    next: usize,
}

impl Matrix {
    fn of(items: Vec<f64>, rows: usize, columns: usize) -> Self {
        Matrix {
            items: items.into(),
            rows,
            columns,
        }
    }

    /// The place of an item in memory, or IndexError. Negative numbers count from the end.
    fn place(&self, (row, column): (isize, isize)) -> Result<usize> {
        let within = |index: isize, len: usize| match index {
            0.. => Some(index.unsigned_abs()).filter(|index| *index < len),
            _ => len.checked_sub(index.unsigned_abs()),
        };
        match (within(row, self.rows), within(column, self.columns)) {
            (Some(row), Some(column)) => Ok(row * self.columns + column),
            _ => bail!(
                IndexError,
                "there is no item [{row}, {column}] in a matrix of {} by {}",
                self.rows,
                self.columns
            ),
        }
    }

    fn pairs(&self, other: &Matrix, function: impl Fn(f64, f64) -> f64) -> Result<Matrix> {
        ensure!(
            (self.rows, self.columns) == (other.rows, other.columns),
            ValueError,
            "matrices of {} by {} and of {} by {} cannot be added",
            self.rows,
            self.columns,
            other.rows,
            other.columns
        );
        let pairs = self.items.iter().zip(other.items.iter());
        let items = pairs.map(|(one, two)| function(one, two)).collect();
        Ok(Matrix::of(items, self.rows, self.columns))
    }

    fn each(&self, function: impl Fn(f64) -> f64) -> Matrix {
        let items = self.items.iter().map(function).collect();
        Matrix::of(items, self.rows, self.columns)
    }
}

fn zeros(rows: usize, columns: usize) -> Result<Vec<f64>> {
    let mut items = Vec::new();
    let count = rows.saturating_mul(columns);
    if items.try_reserve_exact(count).is_err() {
        bail!(MemoryError, "no memory for {rows} by {columns} floats");
    }
    items.resize(count, 0.0);
    Ok(items)
}

#[hpy_methods]
impl Matrix {
    /// Of its rows, which have one length.
    #[new]
    #[hpy(signature = (rows, /))]
    fn new(rows: Vec<Vec<f64>>) -> Result<Self> {
        let columns = rows.first().map_or(0, Vec::len);
        ensure!(
            rows.iter().all(|row| row.len() == columns),
            ValueError,
            "rows of different lengths make no matrix"
        );
        Ok(Matrix::of(rows.concat(), rows.len(), columns))
    }

    /// Ones on the diagonal, zeros elsewhere.
    #[staticmethod]
    #[hpy(signature = (size, /))]
    fn identity(size: usize) -> Result<Self> {
        let mut items = zeros(size, size)?;
        items
            .iter_mut()
            .step_by(size + 1)
            .for_each(|item| *item = 1.0);
        Ok(Matrix::of(items, size, size))
    }

    /// How many rows and columns there are.
    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// A matrix whose rows are the columns of this one.
    #[getter(T)]
    fn transposed(&self) -> Matrix {
        let (rows, columns) = (self.rows, self.columns);
        let places =
            (0..columns).flat_map(|column| (0..rows).map(move |row| row * columns + column));
        let items = places.filter_map(|place| self.items.get(place)).collect();
        Matrix::of(items, columns, rows)
    }

    /// The rows as lists.
    fn tolist(&self) -> Vec<Vec<f64>> {
        let items = self.items.to_vec();
        (0..self.rows)
            .map(|row| items[row * self.columns..][..self.columns].to_vec())
            .collect()
    }

    fn __add__(&self, other: Ref<'_, Matrix>) -> Result<Matrix> {
        self.pairs(&other, |one, two| one + two)
    }

    fn __sub__(&self, other: Ref<'_, Matrix>) -> Result<Matrix> {
        self.pairs(&other, |one, two| one - two)
    }

    fn __mul__(&self, factor: f64) -> Matrix {
        self.each(|item| item * factor)
    }

    fn __rmul__(&self, factor: f64) -> Matrix {
        self.each(|item| factor * item)
    }

    fn __imul__(&mut self, factor: f64) {
        for place in 0..self.items.len() {
            let item = self.items.get(place).unwrap_or_default();
            self.items.set(place, item * factor);
        }
    }

    fn __truediv__(&self, divisor: f64) -> Result<Matrix> {
        ensure!(divisor != 0.0, ZeroDivisionError, "division by zero");
        Ok(self.each(|item| item / divisor))
    }

    fn __neg__(&self) -> Matrix {
        self.each(|item| -item)
    }

    /// The product of matrices.
    fn __matmul__(&self, other: Ref<'_, Matrix>) -> Result<Matrix> {
        ensure!(
            self.columns == other.rows,
            ValueError,
            "a matrix of {} columns cannot be multiplied with one of {} rows",
            self.columns,
            other.rows
        );
        let (left, right) = (self.items.to_vec(), other.items.to_vec());
        let mut items = zeros(self.rows, other.columns)?;
        for row in 0..self.rows {
            let sums = &mut items[row * other.columns..][..other.columns];
            for (place, factor) in left[row * self.columns..][..self.columns]
                .iter()
                .enumerate()
            {
                let terms = &right[place * other.columns..][..other.columns];
                for (sum, term) in sums.iter_mut().zip(terms) {
                    *sum += factor * term;
                }
            }
        }
        Ok(Matrix::of(items, self.rows, other.columns))
    }

    fn __eq__(&self, other: Ref<'_, Matrix>) -> bool {
        (self.rows, self.columns) == (other.rows, other.columns)
            && self.items.iter().eq(other.items.iter())
    }

    /// How many rows there are.
    fn __len__(&self) -> usize {
        self.rows
    }

    /// `matrix[row, column]`
    fn __getitem__(&self, index: (isize, isize)) -> Result<f64> {
        let place = self.place(index)?;
        Ok(self.items.get(place).unwrap_or_default())
    }

    fn __setitem__(&mut self, index: (isize, isize), value: f64) -> Result<()> {
        let place = self.place(index)?;
        self.items.set(place, value);
        Ok(())
    }

    fn __iter__(this: &Handle<'_, Self>) -> Result<Rows> {
        Ok(Rows {
            matrix: Field::new(this)?,
            next: 0,
        })
    }

    fn __repr__(this: &Handle<'_, Self>) -> Result<String> {
        let rows = this.borrow()?.tolist();
        Ok(format!("Matrix({})", this.ctx().handle(rows)?.repr()?))
    }

    /// For numpy and others: rows by columns, seen and written without a copy.
    fn __buffer__(&mut self) -> Result<Export> {
        self.items.export().shaped(&[self.rows, self.columns])
    }
}

#[hpy_methods]
impl Rows {
    fn __iter__<'a, 'ctx>(this: &'a Handle<'ctx, Self>) -> &'a Handle<'ctx, Self> {
        this
    }

    fn __next__(&mut self, ctx: Context<'_>) -> Result<Option<Vec<f64>>> {
        let Some(matrix) = self.matrix.load(ctx)? else {
            return Ok(None);
        };
        let matrix = matrix.borrow()?;
        if self.next >= matrix.rows {
            self.matrix.clear();
            return Ok(None);
        }
        let start = self.next * matrix.columns;
        self.next += 1;
        let places = start..start + matrix.columns;
        Ok(Some(
            places.filter_map(|place| matrix.items.get(place)).collect(),
        ))
    }
}

hpy_module! {
    /// Matrices of floats.
    name: matrix,
    types: [Matrix, Rows],
}
