//~ `await` is only allowed inside `async` functions and blocks

use hpy::prelude::*;

#[hpy_method]
async fn called(function: Persistent, awaitable: Persistent) -> Result<()> {
    hpy::attach(|ctx| -> Result<()> {
        let function = function.get(ctx)?;
        awaitable.await?;
        function.call0()?;
        Ok(())
    })?
}

fn main() {}
