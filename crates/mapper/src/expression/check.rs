//! What can be said of an expression before it runs: that its filters, tests, functions and
//! tables exist, in branches that are never taken too, and what it looks at.

use std::collections::BTreeSet;

use minijinja::machinery::{ast, parse_expr};
use provost_core::did_you_mean;

use super::calls::{self, takes_case, too_many, unknown_argument};
use super::functions::{self, CLEAR, OF_MAPPERS};
use super::plain::Plain;
use super::slices;
use super::texts;
use crate::operators::{self, Operator};
use crate::tables::Tables;

/// Filters whose argument is the name of a test, and where it stands.
const TAKE_TESTS: [(&str, usize); 4] = [("select", 0), ("reject", 0), ("selectattr", 1), ("rejectattr", 1)];

/// Filters that give their argument where the value is missing.
const DEFAULTS: [&str; 2] = ["d", "default"];

/// The most operations within one another; in `a ~ b ~ c` there are two.
const DEEPEST: usize = 200;

type Result<T> = std::result::Result<T, String>;

/// What an expression may use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Check<'a> {
    /// The tables of the mapper; manifests have none, nor do they know the moment.
    pub(super) tables: Option<&'a Tables>,
    /// Whether it may be `clear`.
    pub(super) may_clear: bool,
}

/// What is known of an expression without mistakes.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// The names that it reads, in order.
    pub(super) names: Vec<String>,
    /// Whether it looks at the whole document.
    pub(super) sees_document: bool,
    /// What it is without the engine, where it is simple.
    pub(super) plain: Option<Plain>,
    /// How the engine has to read it, if not as it stands.
    pub(super) guarded: Option<String>,
}

impl Check<'_> {
    /// Checks an expression; one that cannot be read is left to the engine.
    ///
    /// # Errors
    /// The first mistake.
    pub(super) fn check(self, source: &str) -> Result<Checked> {
        // The engine's reader calls itself for each of them, without a limit.
        let mut signs = source.split(|c: char| c != '-' && !c.is_whitespace());
        if signs.any(|signs| signs.matches('-').count() > DEEPEST) {
            return Err(too_deep());
        }
        let Ok(parsed) = parse_expr(source) else { return Ok(Checked::default()) };
        let mut walk = Walk { source, tables: self.tables, ..Walk::default() };
        walk.expression(&parsed, self.may_clear)?;
        Ok(Checked {
            guarded: walk.guarded()?,
            names: walk.names.into_iter().collect(),
            sees_document: walk.sees_document,
            plain: Plain::of(&parsed),
        })
    }
}

#[derive(Default)]
struct Walk<'a> {
    source: &'a str,
    tables: Option<&'a Tables>,
    names: BTreeSet<String>,
    sees_document: bool,
    /// Where things stand of which a part is taken.
    sliced: Vec<Option<(usize, usize)>>,
    depth: usize,
}

impl Walk<'_> {
    fn guarded(&self) -> Result<Option<String>> {
        if self.sliced.is_empty() {
            return Ok(None);
        }
        let operands: Option<Vec<_>> = self.sliced.iter().copied().collect();
        let guarded = operands.and_then(|operands| slices::guarded(self.source, &operands));
        guarded
            .map(Some)
            .ok_or_else(|| "a part is taken in a way that is not read; try `substring`".to_owned())
    }

    /// Checks an expression; `is_result` where its value is the whole one's.
    fn expression(&mut self, expression: &ast::Expr<'_>, is_result: bool) -> Result<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(too_deep());
        }
        self.parts(expression, is_result)?;
        self.depth -= 1;
        Ok(())
    }

    fn parts(&mut self, expression: &ast::Expr<'_>, is_result: bool) -> Result<()> {
        use ast::Expr;
        match expression {
            Expr::Var(name) => self.name(name.id, is_result),
            Expr::Const(_) => Ok(()),
            Expr::Slice(slice) => {
                self.sliced.push(slices::operand(self.source, slice));
                self.expression(&slice.expr, false)?;
                self.all([&slice.start, &slice.stop, &slice.step].into_iter().flatten(), false)
            }
            Expr::UnaryOp(operation) => self.expression(&operation.expr, false),
            Expr::BinOp(operation) => {
                let gives_right = matches!(operation.op, ast::BinOpKind::ScAnd | ast::BinOpKind::ScOr);
                self.expression(&operation.left, false)?;
                self.expression(&operation.right, is_result && gives_right)
            }
            Expr::Compare(compared) => {
                self.expression(&compared.expr, false)?;
                self.all(compared.ops.iter().map(|next| &next.expr), false)
            }
            Expr::IfExpr(choice) => {
                self.expression(&choice.test_expr, false)?;
                self.all(std::iter::once(&choice.true_expr).chain(&choice.false_expr), is_result)
            }
            Expr::Filter(filter) => self.filter(filter, is_result),
            Expr::Test(test) => self.test(test),
            Expr::GetAttr(member) => self.expression(&member.expr, false),
            Expr::GetItem(item) => self.all([&item.expr, &item.subscript_expr], false),
            Expr::Call(call) => self.call(call),
            Expr::List(list) => self.all(&list.items, is_result),
            Expr::Tuple(tuple) => self.all(&tuple.items, is_result),
            Expr::Map(map) => {
                self.all(&map.keys, false)?;
                self.all(&map.values, is_result)
            }
        }
    }

    fn all<'a, 'b: 'a>(
        &mut self,
        expressions: impl IntoIterator<Item = &'a ast::Expr<'b>>,
        is_result: bool,
    ) -> Result<()> {
        expressions.into_iter().try_for_each(|expression| self.expression(expression, is_result))
    }

    fn arguments(&mut self, arguments: &[ast::CallArg<'_>], is_result: bool) -> Result<()> {
        use ast::CallArg::{Kwarg, KwargSplat, Pos, PosSplat};
        arguments.iter().try_for_each(|argument| match argument {
            Pos(value) | Kwarg(_, value) | PosSplat(value) | KwargSplat(value) => {
                self.expression(value, is_result)
            }
        })
    }

    fn name(&mut self, name: &str, is_result: bool) -> Result<()> {
        if name == CLEAR && !(is_result && self.tables.is_some()) {
            return Err("`clear` is a whole result, as in `phone if keepphone else clear`".to_owned());
        }
        if OF_MAPPERS.contains(&name) {
            return Err(format!("`{name}` is a function; a member of this name is read with `from: {name}`"));
        }
        if name != CLEAR {
            self.names.insert(name.to_owned());
        }
        Ok(())
    }

    fn filter(&mut self, filter: &ast::Filter<'_>, is_result: bool) -> Result<()> {
        self.filter_name(filter.name)?;
        if let Some(operator) = calls::find(filter.name, false) {
            arguments_fit(operator, &filter.args)?;
        }
        let named = |at: usize| match filter.args.get(at) {
            Some(ast::CallArg::Pos(ast::Expr::Const(constant))) => constant.value.as_str(),
            _ => None,
        };
        if let Some(name) = named(0).filter(|_| filter.name == "map") {
            self.filter_name(name)?;
        }
        let takes_test = TAKE_TESTS.iter().find(|(taker, _)| *taker == filter.name);
        if let Some(name) = takes_test.and_then(|(_, at)| named(*at)) {
            self.test_name(name)?;
        }
        self.all(&filter.expr, false)?;
        self.arguments(&filter.args, is_result && DEFAULTS.contains(&filter.name))
    }

    fn filter_name(&mut self, name: &str) -> Result<()> {
        if calls::JINJA_FILTERS.contains(&name) || texts::NAMES.contains(&name) {
            return Ok(());
        }
        match calls::find(name, false) {
            Some(operator) => self.available(operator),
            None if calls::find(name, true).is_some() => {
                Err(format!("`{name}` is a test: `value is {name}(...)`"))
            }
            None => Err(format!("there is no filter `{name}`{}", near(name, &calls::names(false)))),
        }
    }

    fn test(&mut self, test: &ast::Test<'_>) -> Result<()> {
        self.test_name(test.name)?;
        if let Some(operator) = calls::find(test.name, true) {
            arguments_fit(operator, &test.args)?;
        }
        self.expression(&test.expr, false)?;
        self.arguments(&test.args, false)
    }

    fn test_name(&mut self, name: &str) -> Result<()> {
        let is_sign = !name.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if is_sign || calls::JINJA_TESTS.contains(&name) {
            return Ok(());
        }
        match calls::find(name, true) {
            Some(operator) => self.available(operator),
            None if calls::find(name, false).is_some() => {
                Err(format!("`{name}` is a filter: `value | {name}`"))
            }
            None => Err(format!("there is no test `{name}`{}", near(name, &calls::names(true)))),
        }
    }

    /// Whether an operator can be called here.
    fn available(&mut self, operator: &Operator) -> Result<()> {
        self.sees_document |= operator.sees_document();
        if operator.sees_moment() && self.tables.is_none() {
            return Err(format!("`{}` is only there in mappers: it depends on the moment", operator.name));
        }
        Ok(())
    }

    fn call(&mut self, call: &ast::Call<'_>) -> Result<()> {
        let ast::Expr::Var(function) = &call.expr else {
            return Err("there are no methods; filters do such things: `email | lower`".to_owned());
        };
        let name = function.id;
        let known: Vec<&str> = functions::names().collect();
        if !known.contains(&name) {
            let is_filter = calls::names(false).iter().any(|filter| filter == name);
            let hint = if is_filter {
                format!("; it is a filter: `value | {name}`")
            } else {
                did_you_mean(name, known).map(|hint| format!("; {hint}")).unwrap_or_default()
            };
            return Err(format!("there is no function `{name}`{hint}"));
        }
        if OF_MAPPERS.contains(&name) {
            self.function_of_mappers(name, &call.args)?;
        }
        self.arguments(&call.args, false)
    }

    fn function_of_mappers(&self, name: &str, arguments: &[ast::CallArg<'_>]) -> Result<()> {
        let tables = self.tables.ok_or_else(|| format!("`{name}()` is only there in mappers"))?;
        let takes = if name == "lookup" { 2..=3 } else { 0..=0 };
        let is_splat = |argument: &ast::CallArg<'_>| {
            matches!(argument, ast::CallArg::PosSplat(_) | ast::CallArg::KwargSplat(_))
        };
        if !takes.contains(&arguments.len()) && !arguments.iter().any(is_splat) {
            return Err(match name {
                "lookup" => "`lookup` takes a table, a key and perhaps a default".to_owned(),
                _ => format!("`{name}()` takes no arguments"),
            });
        }
        match arguments.first() {
            Some(ast::CallArg::Pos(ast::Expr::Const(table))) => {
                let table = table.value.as_str().ok_or("a table's name is a text")?;
                tables.get(table).map(drop)
            }
            _ => Ok(()),
        }
    }
}

fn too_deep() -> String {
    format!("more than {DEEPEST} operations are within one another")
}

/// Checks the arguments of an operator.
fn arguments_fit(operator: &Operator, arguments: &[ast::CallArg<'_>]) -> Result<()> {
    let positional = arguments.iter().filter(|argument| matches!(argument, ast::CallArg::Pos(_))).count();
    if positional > operator.arguments.len() {
        return Err(format!("`{}`: {}", operator.name, too_many(operator)));
    }
    arguments.iter().try_for_each(|argument| match argument {
        ast::CallArg::Kwarg(name, _) if operator.position(name).is_none() && !takes_case(operator, name) => {
            Err(format!("`{}`: {}", operator.name, unknown_argument(operator, name)))
        }
        _ => Ok(()),
    })
}

/// The nearest of many names, if one is near.
fn near(name: &str, known: &[String]) -> String {
    operators::nearest(name, known.iter().map(String::as_str))
}
