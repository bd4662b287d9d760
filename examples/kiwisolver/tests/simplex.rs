//! The solver without Python: by itself, and beside kasuari's.

#[path = "../src/digits.rs"]
mod digits;
#[path = "../src/simplex/mod.rs"]
mod simplex;
#[path = "../src/tableau.rs"]
mod tableau;

use kasuari::{RelationalOperator, Strength};
use proptest::collection::vec;
use proptest::prelude::*;
use simplex::{Linear, REQUIRED, Relation};
use tableau::{Refusal, Tableau};

const VARIABLES: usize = 8;

fn linear(terms: &[(usize, f64)], relation: Relation, constant: f64, strength: f64) -> Linear {
    Linear {
        terms: terms.to_vec(),
        constant,
        relation,
        strength,
    }
}

#[test]
fn what_contradicts_changes_nothing() {
    let mut tableau = Tableau::default();
    // x >= 1, y >= x + 1, z == x + y, and z wants to be 3.
    let all = [
        linear(&[(0, 1.0)], Relation::AtLeast, -1.0, REQUIRED),
        linear(&[(1, 1.0), (0, -1.0)], Relation::AtLeast, -1.0, REQUIRED),
        linear(
            &[(2, 1.0), (0, -1.0), (1, -1.0)],
            Relation::Equal,
            0.0,
            REQUIRED,
        ),
        linear(&[(2, 1.0)], Relation::Equal, -3.0, 1.0),
    ];
    for (number, constraint) in all.into_iter().enumerate() {
        assert!(tableau.add(number as u64, constraint).is_ok());
    }
    let wrong = linear(&[(2, 1.0)], Relation::AtMost, -2.0, REQUIRED);
    for number in 10..200 {
        let refused = tableau.add(number, wrong.clone());
        assert!(matches!(refused, Err(Refusal::Unsatisfiable)));
        assert_eq!([0, 1, 2].map(|v| tableau.value(v)), [1.0, 2.0, 3.0]);
    }
    assert!(tableau.remove(1).is_ok() && tableau.add(1, wrong).is_ok());
    let [x, y, z] = [0, 1, 2].map(|v| tableau.value(v));
    assert!(x >= 1.0 && z <= 2.0 && (x + y - z).abs() < 1e-9);
}

#[test]
fn symbols_do_not_grow_for_ever() -> std::fmt::Result {
    let mut tableau = Tableau::default();
    for number in 0..20_000 {
        let constraint = linear(&[(0, 1.0)], Relation::AtLeast, -(number as f64), 5.0);
        assert!(tableau.add(number, constraint).is_ok());
        assert_eq!(tableau.value(0), number as f64);
        // "x | 7 + 1 * s20 + -1 * e21"
        let mut text = String::new();
        tableau.simplex().show_tableau(&|_| "x".into(), &mut text)?;
        let symbols = text
            .split(['s', 'e', '\n', ' '])
            .filter_map(|word| word.parse().ok());
        assert!(
            symbols.skip(1).all(|symbol: f64| symbol < 2_000.0),
            "{text}"
        );
        assert!(tableau.remove(number).is_ok());
    }
    Ok(())
}

#[test]
fn numbers_that_are_none_end() {
    for number in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e308, 5e-324] {
        let mut tableau = Tableau::default();
        for (turn, strength) in [REQUIRED, 1.0, 1e-300, REQUIRED].into_iter().enumerate() {
            let terms = [(turn % 2, number), (1, 1.0)];
            let relation = [Relation::AtLeast, Relation::Equal][turn % 2];
            let _ = tableau.add(turn as u64, linear(&terms, relation, number, strength));
            let _ = tableau.add_edit(0, 1.0);
            let _ = tableau.suggest(0, number);
        }
        let _ = tableau.remove(1);
    }
}

#[test]
fn the_inside_is_shown() -> std::fmt::Result {
    let mut tableau = Tableau::default();
    let constraint = linear(&[(0, 1.0), (1, -2.0)], Relation::Equal, -3.0, REQUIRED);
    assert!(tableau.add(0, constraint).is_ok());
    let at_most = linear(&[(0, 1.0)], Relation::AtMost, -1.5, 1000.0);
    assert!(tableau.add(1, at_most).is_ok() && tableau.add_edit(1, 1.0).is_ok());
    assert!(tableau.suggest(1, 4.0).is_ok());
    let name = |variable: usize| ["x", "y"][variable].to_owned();
    let [mut objective, mut rows, mut infeasible, mut constraints] = [const { String::new() }; 4];
    tableau.simplex().show_objective(&name, &mut objective)?;
    tableau.simplex().show_tableau(&name, &mut rows)?;
    tableau.simplex().show_infeasible(&name, &mut infeasible)?;
    for constraint in tableau.constraints() {
        constraint.show(&name, &mut constraints)?;
    }
    // x is 1.5 as it shall be, and y not 4 but -0.75.
    assert_eq!(
        objective,
        "4.75 + -0.5 * d2 + 0.5 * s3 + 999.5 * e4 + 2 * e5\n"
    );
    assert_eq!(
        rows,
        "x | 1.5 + -1 * s3 + 1 * e4\ny | -0.75 + 0.5 * d2 + -0.5 * s3 + 0.5 * e4\n\
         e6 | 4.75 + -0.5 * d2 + 0.5 * s3 + -0.5 * e4 + 1 * e5\n"
    );
    assert_eq!(infeasible, "");
    assert_eq!(
        constraints,
        "1 * x + -2 * y + -3 == 0 | strength = 1.001e+09\n1 * x + -1.5 <= 0 | strength = 1000\n"
    );
    assert_eq!(tableau.edited().collect::<Vec<_>>(), [1]);
    tableau.reset();
    assert!(!tableau.has(0) && tableau.constraints().next().is_none());
    Ok(())
}

/// What one does to a solver.
#[derive(Clone, Debug)]
enum Step {
    Add(Linear),
    Remove(usize),
    Edit(usize, f64),
    Leave(usize),
    Suggest(usize, f64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let coefficient = prop::sample::select(vec![1.0, -1.0, 2.0, 0.5, -3.0]);
    let terms = prop::collection::btree_map(0..VARIABLES, coefficient, 1..4);
    let relation = prop::sample::select(vec![Relation::AtMost, Relation::Equal, Relation::AtLeast]);
    let strength = prop::sample::select(vec![1.0, 1e3, 1e6, REQUIRED]);
    let constraint = (terms, relation, -50i32..50, strength).prop_map(
        |(terms, relation, constant, strength)| {
            let terms: Vec<_> = terms.into_iter().collect();
            Step::Add(linear(&terms, relation, f64::from(constant), strength))
        },
    );
    let weaker = prop::sample::select(vec![1.0, 1e3, 1e6]);
    let step = prop_oneof![
        8 => constraint,
        2 => (0usize..40).prop_map(Step::Remove),
        2 => (0..VARIABLES, weaker).prop_map(|(variable, strength)| Step::Edit(variable, strength)),
        1 => (0..VARIABLES).prop_map(Step::Leave),
        4 => (0..VARIABLES, -200i32..200).prop_map(|(v, value)| Step::Suggest(v, f64::from(value))),
    ];
    vec(step, 1..60)
}

/// How much is violated, and how much that counts.
fn cost(constraints: &[&Linear], value: &dyn Fn(usize) -> f64) -> (f64, f64) {
    let (mut required, mut wished) = (0.0f64, 0.0);
    for constraint in constraints {
        let terms = constraint.terms.iter();
        let sum = constraint.constant + terms.map(|(v, c)| c * value(*v)).sum::<f64>();
        let violated = match constraint.relation {
            Relation::AtMost => sum.max(0.0),
            Relation::Equal => sum.abs(),
            Relation::AtLeast => (-sum).max(0.0),
        };
        if constraint.strength >= REQUIRED {
            required = required.max(violated);
        } else {
            wished += violated * constraint.strength;
        }
    }
    (required, wished)
}

fn relation_of_kasuari(relation: Relation) -> RelationalOperator {
    match relation {
        Relation::AtMost => RelationalOperator::LessOrEqual,
        Relation::Equal => RelationalOperator::Equal,
        Relation::AtLeast => RelationalOperator::GreaterOrEqual,
    }
}

/// The cost of kasuari's solution for the same constraints, if it finds one.
fn cost_by_kasuari(constraints: &[&Linear]) -> Option<f64> {
    let variables: Vec<_> = (0..VARIABLES).map(|_| kasuari::Variable::new()).collect();
    let mut solver = kasuari::Solver::new();
    for constraint in constraints {
        let terms = constraint.terms.iter();
        let terms = terms.map(|(v, c)| kasuari::Term::new(variables[*v], *c));
        let expression = kasuari::Expression::new(terms.collect(), constraint.constant);
        let relation = relation_of_kasuari(constraint.relation);
        let strength = Strength::new(constraint.strength);
        let constraint = kasuari::Constraint::new(expression, relation, strength);
        solver.add_constraint(constraint).ok()?;
    }
    let (required, wished) = cost(constraints, &|v| solver.get_value(variables[v]));
    (required < 1e-6).then_some(wished)
}

/// Does all that, and says what is there in the end.
fn run(steps: &[Step]) -> (Tableau, Vec<Linear>, Vec<(usize, f64, f64)>) {
    let mut tableau = Tableau::default();
    let (mut there, mut edits) = (Vec::new(), Vec::<(usize, f64, f64)>::new());
    for (number, step) in steps.iter().enumerate() {
        match step {
            Step::Add(constraint) => match tableau.add(number as u64, constraint.clone()) {
                Ok(()) => there.push((number as u64, constraint.clone())),
                Err(refusal) => {
                    assert!(matches!(refusal, Refusal::Unsatisfiable));
                    assert_eq!(constraint.strength, REQUIRED);
                }
            },
            Step::Remove(which) if !there.is_empty() => {
                let (number, _) = there.remove(which % there.len());
                assert!(tableau.remove(number).is_ok());
            }
            Step::Remove(which) => {
                assert!(matches!(
                    tableau.remove(*which as u64),
                    Err(Refusal::Unknown)
                ));
            }
            Step::Edit(variable, strength) => {
                let known = edits.iter().any(|edit| edit.0 == *variable);
                assert_eq!(tableau.is_edited(*variable), known);
                assert_eq!(tableau.add_edit(*variable, *strength).is_err(), known);
                if !known {
                    edits.push((*variable, *strength, 0.0));
                }
            }
            Step::Leave(variable) => {
                let known = edits.iter().any(|edit| edit.0 == *variable);
                assert_eq!(tableau.remove_edit(*variable).is_ok(), known);
                edits.retain(|edit| edit.0 != *variable);
            }
            Step::Suggest(variable, value) => {
                let edit = edits.iter_mut().find(|edit| edit.0 == *variable);
                let suggested = tableau.suggest(*variable, *value);
                assert_eq!(suggested.is_ok(), edit.is_some());
                if let Some(edit) = edit {
                    edit.2 = *value;
                }
            }
        }
    }
    let there = there.into_iter().map(|(_, constraint)| constraint);
    (tableau, there.collect(), edits)
}

proptest! {
    /// After all kinds of steps the solution is as good as a new solver's.
    #[test]
    fn solutions_are_the_best(steps in steps()) {
        let (tableau, there, edits) = run(&steps);
        let edits: Vec<_> = edits
            .into_iter()
            .map(|(v, strength, value)| linear(&[(v, 1.0)], Relation::Equal, -value, strength))
            .collect();
        let all: Vec<_> = there.iter().chain(&edits).collect();
        let (required, wished) = cost(&all, &|v| tableau.value(v));
        prop_assert!(required < 1e-6, "{required}");
        if let Some(least) = cost_by_kasuari(&all) {
            let difference = (wished - least).abs();
            prop_assert!(difference <= 1e-3 + 1e-6 * least, "{wished}, kasuari {least}");
        }
    }

    /// The same steps have the same results, to the last bit.
    #[test]
    fn results_are_the_same_each_time(steps in steps()) {
        let (first, second) = (run(&steps).0, run(&steps).0);
        for variable in 0..VARIABLES {
            let bits = [&first, &second].map(|tableau| tableau.value(variable).to_bits());
            prop_assert_eq!(bits[0], bits[1]);
        }
    }

    /// What kasuari calls impossible is impossible, and the other way round.
    #[test]
    fn required_constraints_are_judged_alike(steps in steps()) {
        let required: Vec<_> = steps
            .iter()
            .filter_map(|step| match step {
                Step::Add(constraint) => Some(Linear { strength: REQUIRED, ..constraint.clone() }),
                _ => None,
            })
            .collect();
        let mut tableau = Tableau::default();
        let mut there = Vec::new();
        for (number, constraint) in required.iter().enumerate() {
            let added = tableau.add(number as u64, constraint.clone()).is_ok();
            there.push(constraint);
            prop_assert_eq!(added, cost_by_kasuari(&there).is_some());
            if !added {
                there.pop();
            }
        }
    }
}
