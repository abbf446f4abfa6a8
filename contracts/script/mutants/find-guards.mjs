/**
 * Finds every guard of contracts/src: each `require`, `revert`, use of a modifier and call that can only revert.
 *
 * Read from the compiler's own syntax tree, whose positions are byte offsets.
 */
import { parse, readSources } from '../syntax-trees.mjs';

/**
 * @typedef {object} Guard
 * @property {string} file - Path from the root of the repository.
 * @property {string} contract
 * @property {string} callable - The function or modifier that holds it.
 * @property {'condition' | 'requirement' | 'statement' | 'modifier'} shape - What an edit must do to disable it.
 * @property {string} text - Its source, on one line.
 * @property {{ start: number, end: number }} range - What is to be changed: the condition, the statement, or the use.
 * @property {{ operator: '||' | '&&', range: { start: number, end: number } }[]} terms - Of a condition that is a chain of
 * checks, each of them; else none.
 * @property {object} [definition] - For a modifier: the function's node.
 * @property {number} [index] - For a modifier: which of the function's modifiers.
 */

/** @returns {{ sources: Map<string, Buffer>, guards: Guard[] }} The guards in the order of the source. */
export function findGuards() {
  const sources = readSources('contracts/src');
  const { trees } = parse(sources);
  const guards = [...sources].flatMap(([file, source]) => guardsOf(file, source, trees[file].ast));
  return { sources, guards };
}

function guardsOf(file, source, tree) {
  const guards = [];
  /** @param {{ contract: string, callable: string }} place */
  const visit = (node, place) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) {
      for (const child of node) visit(child, place);
      return;
    }
    const inside = placeOf(node, place);
    const add = (shape, part, text = part, more = {}) =>
      guards.push({
        file,
        ...inside,
        shape,
        text: textOf(source, text),
        range: rangeOf(part),
        terms: shape === 'condition' || shape === 'requirement' ? termsOf(part) : [],
        ...more,
      });
    for (const skipped of addGuard(node, add)) skippedReverts.add(skipped);
    if (!skippedReverts.has(node) && isRevert(node)) add('statement', node);
    for (const child of Object.values(node)) visit(child, inside);
  };
  const skippedReverts = new Set();
  visit(tree.nodes, { contract: '', callable: '' });
  return guards;
}

/** Adds what `node` is, and answers the reverts that need no entry of their own, because their `if` has one. */
function addGuard(node, add) {
  switch (node.nodeType) {
    case 'IfStatement': {
      const revert = lastStatement(node.trueBody);
      if (!isRevert(revert)) return [];
      add('condition', node.condition, node);
      return [revert];
    }
    case 'FunctionCall':
      if (isCallOf(node, ['require', 'assert'])) add('requirement', node.arguments[0], node);
      return [];
    case 'ExpressionStatement':
      if (canOnlyRevert(node.expression)) add('statement', node);
      return [];
    case 'FunctionDefinition':
      if (node.kind === 'constructor' || !node.implemented) return [];
      node.modifiers.forEach((use, index) => {
        if (use.kind === 'modifierInvocation') add('modifier', use, use, { definition: node, index });
      });
      return [];
    default:
      return [];
  }
}

/** The parts of `a || b || c`, or of `a && b`. */
function termsOf(condition) {
  const { operator } = condition;
  if (operator !== '||' && operator !== '&&') return [];
  const flatten = (node) =>
    node.nodeType === 'BinaryOperation' && node.operator === operator
      ? [...flatten(node.leftExpression), ...flatten(node.rightExpression)]
      : [{ operator, range: rangeOf(node) }];
  return flatten(condition);
}

function placeOf(node, place) {
  if (node.nodeType === 'ContractDefinition') return { contract: node.name, callable: '' };
  if (node.nodeType === 'FunctionDefinition') return { ...place, callable: node.name || node.kind };
  if (node.nodeType === 'ModifierDefinition') return { ...place, callable: node.name };
  return place;
}

function isRevert(node) {
  if (node?.nodeType === 'RevertStatement') return true;
  return node?.nodeType === 'ExpressionStatement' && isCallOf(node.expression, ['revert']);
}

function lastStatement(body) {
  return body.nodeType === 'Block' ? body.statements.at(-1) : body;
}

function isCallOf(node, names) {
  return (
    node.nodeType === 'FunctionCall' &&
    node.expression.nodeType === 'Identifier' &&
    names.includes(node.expression.name)
  );
}

/** A call that changes nothing and whose result nobody takes is there only for its reverts. */
function canOnlyRevert(expression) {
  if (expression.nodeType !== 'FunctionCall' || expression.kind !== 'functionCall') return false;
  const type = expression.expression.typeDescriptions.typeIdentifier;
  return /^t_function_(internal|external|delegatecall)_(view|pure)\$/.test(type);
}

/** @returns {{ start: number, end: number }} */
export function rangeOf({ src }) {
  const [start, length] = src.split(':').map(Number);
  return { start, end: start + length };
}

function textOf(source, node) {
  const { start, end } = rangeOf(node);
  return source.subarray(start, end).toString().replaceAll(/\s+/g, ' ');
}
