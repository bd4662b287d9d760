//! A list of linked nodes: objects that hold objects, of which the garbage collector is told.

use hpy::bail;
use hpy::exceptions::IndexError;
use hpy::prelude::*;

/// A place in a list, with what stands there.
#[hpy_type]
struct Node {
    /// What stands there.
    #[hpy(get, set)]
    value: Field,
    /// The node after it, or None.
    #[hpy(get)]
    next: Option<Field<Node>>,
}

/// A list that grows and shrinks at both ends, and is walked from its first node to its last.
#[hpy_type]
struct LinkedList {
    first: Field<Node>,
    last: Field<Node>,
    len: usize,
}

/// Walks from node to node. What is added behind it is found, too.
#[hpy_type]
struct Values {
    node: Field<Node>,
}

#[hpy_methods]
impl LinkedList {
    /// The values of an iterable, in its order.
    #[new]
    #[hpy(signature = (values = None, /))]
    fn new(ctx: Context<'_>, values: Option<&Handle<'_>>) -> Result<Self> {
        let mut list = LinkedList {
            first: Field::empty(),
            last: Field::empty(),
            len: 0,
        };
        if let Some(values) = values {
            for value in values.iter()? {
                list.push(ctx, &value?)?;
            }
        }
        Ok(list)
    }

    /// Adds a value at the end.
    fn append(&mut self, value: &Handle<'_>) -> Result<()> {
        self.push(value.ctx(), value)
    }

    /// Adds a value at the beginning.
    fn prepend<'ctx>(&mut self, value: &Handle<'ctx>) -> Result<()> {
        let ctx = value.ctx();
        let first = self.first.load(ctx)?;
        let node = ctx.instance(Node {
            value: Field::new(value)?,
            next: first.as_ref().map(Field::new).transpose()?,
        })?;
        self.first.store(&node)?;
        if first.is_none() {
            self.last.store(&node)?;
        }
        self.len += 1;
        Ok(())
    }

    /// Takes the first value out.
    fn pop<'ctx>(&mut self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        let Some(node) = self.first.load(ctx)? else {
            bail!(IndexError, "pop from an empty list");
        };
        let mut node = node.borrow_mut()?;
        match node.next.take() {
            Some(next) => self.first = next,
            None => {
                self.first.clear();
                self.last.clear();
            }
        }
        self.len -= 1;
        node.value.take(ctx)
    }

    /// Turns the list round, in place: all of it, or nothing if a node is in use.
    fn reverse(&mut self, ctx: Context<'_>) -> Result<()> {
        let mut nodes = Vec::with_capacity(self.len);
        let mut next = self.first.load(ctx)?;
        while let Some(node) = next {
            next = match &node.borrow()?.next {
                Some(next) => next.load(ctx)?,
                None => None,
            };
            nodes.push(node);
        }
        let links = nodes.iter().map(Field::new).collect::<Result<Vec<_>>>()?;
        let mut borrowed = nodes
            .iter()
            .map(|node| node.borrow_mut())
            .collect::<Result<Vec<_>>>()?;
        std::mem::swap(&mut self.first, &mut self.last);
        // Each one's next is the one before; the first one has none.
        let before = std::iter::once(None).chain(links.into_iter().map(Some));
        for (node, before) in borrowed.iter_mut().zip(before) {
            node.next = before;
        }
        Ok(())
    }

    /// The first node, or None.
    #[getter]
    fn first<'ctx>(&self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx, Node>>> {
        self.first.load(ctx)
    }

    fn __len__(&self) -> usize {
        self.len
    }

    fn __iter__(&self, ctx: Context<'_>) -> Result<Values> {
        let node = self.first.dup(ctx)?;
        Ok(Values { node })
    }

    fn __repr__(this: &Handle<'_, Self>) -> Result<String> {
        let values = this.as_object().iter()?;
        // No borrow is held while `repr` runs: it may run any code, which may use this list.
        let texts: Vec<String> = values
            .map(|value| value?.repr()?.extract::<String>())
            .collect::<Result<_>>()?;
        Ok(format!("LinkedList([{}])", texts.join(", ")))
    }
}

impl LinkedList {
    fn push(&mut self, ctx: Context<'_>, value: &Handle<'_>) -> Result<()> {
        let node = ctx.instance(Node {
            value: Field::new(value)?,
            next: None,
        })?;
        match self.last.load(ctx)? {
            Some(last) => last.borrow_mut()?.next = Some(Field::new(&node)?),
            None => self.first.store(&node)?,
        }
        self.last.store(&node)?;
        self.len += 1;
        Ok(())
    }
}

#[hpy_methods]
impl Values {
    fn __iter__<'a, 'ctx>(this: &'a Handle<'ctx, Self>) -> &'a Handle<'ctx, Self> {
        this
    }

    fn __next__<'ctx>(&mut self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        let Some(node) = self.node.take(ctx)? else {
            return Ok(None);
        };
        let node = node.borrow()?;
        if let Some(next) = &node.next {
            self.node = next.dup(ctx)?;
        }
        node.value.load(ctx)
    }
}

hpy_module! {
    /// A list of linked nodes.
    name: linked_list,
    types: [Node, Values, LinkedList],
}
