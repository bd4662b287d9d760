//! Tests that need Python, beside one that does not.

use super::*;
use hpy::embed::TestResult;

#[test]
fn plain_functions_need_no_python() {
    assert_eq!(mean_length(vec!["ab".into(), "abcd".into()]).unwrap(), 3.0);
}

#[hpy::test]
fn words_are_in_lower_case(ctx: Context<'_>) -> TestResult {
    let tested = ctx.import("tested")?;
    let words: Vec<String> = tested
        .call_method1("words", ("To be or not to BE",))?
        .extract()?;
    assert_eq!(words, ["to", "be", "or", "not", "to", "be"]);
    Ok(())
}

#[hpy::test]
fn a_function_of_python_decides(ctx: Context<'_>) -> TestResult {
    let names = ctx.dict()?;
    ctx.run(
        "import tested\nkept = tested.words('the owl and the cat', {'the', 'and'}.__contains__)",
        Some(&names),
        None,
    )?;
    let kept: Vec<String> = names.get_item("kept")?.extract()?;
    assert_eq!(kept, ["owl", "cat"]);
    Ok(())
}

#[hpy::test]
fn errors_of_python_come_through(ctx: Context<'_>) -> TestResult {
    let fails = ctx.eval("lambda word: 1 / 0", None, None)?;
    let error = words("one", Some(&fails)).unwrap_err();
    assert_eq!(error.to_string(), "ZeroDivisionError: division by zero");
    Ok(())
}

#[hpy::test]
fn no_words_have_no_mean(ctx: Context<'_>) -> TestResult {
    let tested = ctx.import("tested")?;
    let error = tested
        .call_method1("mean_length", (Vec::<String>::new(),))
        .expect_err("there are no words");
    assert!(error.is_instance_of::<ValueError>(ctx));
    Ok(())
}

#[hpy::test(parallel)]
fn many_threads_may_test_at_the_same_time(ctx: Context<'_>) -> TestResult {
    let total: i64 = ctx.eval("sum(range(1000))", None, None)?.extract()?;
    assert_eq!(total, 499_500);
    Ok(())
}
