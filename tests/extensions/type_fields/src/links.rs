//! Data that contains itself, as deep as there is memory.

use crate::Counted;
use hpy::prelude::*;
use hpy::{Traverse, Visitor};

/// One of a chain.
#[derive(Traverse)]
struct Link {
    next: Option<Box<Link>>,
    field: Field,
}

impl Drop for Link {
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(mut link) = next {
            next = link.next.take();
        }
    }
}

/// A tree, and every way down it.
#[derive(Traverse)]
enum Tree {
    Leaf(Field),
    Inner { many: Vec<Tree>, field: Field },
}

impl Drop for Tree {
    fn drop(&mut self) {
        let Tree::Inner { many, .. } = self else {
            return;
        };
        let mut left = std::mem::take(many);
        while let Some(mut tree) = left.pop() {
            if let Tree::Inner { many, .. } = &mut tree {
                left.append(many);
            }
        }
    }
}

/// A chain of so many, and a tree as deep, each of which holds the one object.
#[hpy_type]
pub struct Links {
    first: Option<Box<Link>>,
    tree: Option<Tree>,
    #[allow(dead_code)] // Dropped with it.
    counted: Counted,
}

#[hpy_methods]
impl Links {
    #[new]
    fn new(object: &Handle<'_>, length: usize) -> Result<Self> {
        let mut first = None;
        let mut tree = Tree::Leaf(Field::new(object)?);
        for _ in 0..length {
            let field = Field::new(object)?;
            first = Some(Box::new(Link { next: first, field }));
            let (leaf, field) = (Tree::Leaf(Field::new(object)?), Field::new(object)?);
            let many = vec![tree, leaf];
            tree = Tree::Inner { many, field };
        }
        Ok(Links {
            first,
            tree: Some(tree),
            counted: Counted::new(),
        })
    }

    /// How many of the fields hold the object.
    fn count(&self, object: &Handle<'_>) -> Result<usize> {
        let ctx = object.ctx();
        let mut held = 0;
        let mut look = |field: &Field| -> Result<()> {
            held += usize::from(field.load(ctx)?.is_some_and(|one| one.is(object)));
            Ok(())
        };
        let mut link = self.first.as_deref();
        while let Some(one) = link {
            look(&one.field)?;
            link = one.next.as_deref();
        }
        let mut left: Vec<&Tree> = self.tree.iter().collect();
        while let Some(tree) = left.pop() {
            match tree {
                Tree::Leaf(field) => look(field)?,
                Tree::Inner { many, field } => {
                    look(field)?;
                    left.extend(many);
                }
            }
        }
        Ok(held)
    }
}

/// A chain whose `Traverse` is written by hand.
struct Hand {
    next: Option<Box<Hand>>,
    field: Field,
}

// SAFETY: both fields are shown, and lie in the value.
unsafe impl Traverse for Hand {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.next.traverse(visitor);
        self.field.traverse(visitor);
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(mut hand) = next {
            next = hand.next.take();
        }
    }
}

#[hpy_type]
pub struct OfHand {
    first: Option<Box<Hand>>,
    #[allow(dead_code)] // Dropped with it.
    counted: Counted,
}

#[hpy_methods]
impl OfHand {
    #[new]
    fn new(object: &Handle<'_>, length: usize) -> Result<Self> {
        let mut first = None;
        for _ in 0..length {
            let field = Field::new(object)?;
            first = Some(Box::new(Hand { next: first, field }));
        }
        Ok(OfHand {
            first,
            counted: Counted::new(),
        })
    }

    fn count(&self, object: &Handle<'_>) -> Result<usize> {
        let (mut held, mut next) = (0, self.first.as_deref());
        while let Some(one) = next {
            let kept = one.field.load(object.ctx())?;
            held += usize::from(kept.is_some_and(|kept| kept.is(object)));
            next = one.next.as_deref();
        }
        Ok(held)
    }
}
