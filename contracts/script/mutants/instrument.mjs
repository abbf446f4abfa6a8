/**
 * Writes all mutants into one source, each behind a switch, so that all of them are compiled once.
 *
 * The switch is the address of a library that is never deployed: the compiler leaves a gap for it in the bytecode, and
 * no optimiser can foresee what goes in. Filling the gap with the number of a mutant turns on that one; with zero, none.
 */
import { rangeOf } from './find-guards.mjs';

export const SWITCH_FILE = 'contracts/src/MutantSwitch.sol';
export const SWITCH_SOURCE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

library MutantSwitch {
    function unused() external {}
}
`;

/**
 * @typedef {object} Mutant
 * @property {number} id - From 1, in the order of the source.
 * @property {string} key - The same as long as the guard and its place are.
 * @property {import('./find-guards.mjs').Guard} guard
 * @property {string} change - `removed`, `inverted`, or `without term N` for one check of a chain.
 */

/**
 * @param {import('./find-guards.mjs').Guard[]} guards
 * @returns {Mutant[]}
 */
export function mutantsOf(guards) {
  const mutants = [];
  const seen = new Map();
  for (const guard of guards) {
    const place = `${guard.file.replace('contracts/src/', '')} ${guard.contract}.${guard.callable}: ${guard.text}`;
    const count = (seen.get(place) ?? 0) + 1;
    seen.set(place, count);
    for (const change of changesOf(guard)) {
      const key = `${place}${count > 1 ? ` (${count})` : ''} ${change}`;
      mutants.push({ id: mutants.length + 1, key, guard, change });
    }
  }
  return mutants;
}

function changesOf({ shape, terms }) {
  if (shape === 'statement' || shape === 'modifier') return ['removed'];
  return ['removed', 'inverted', ...terms.map((_, i) => withoutTerm(i))];
}

const withoutTerm = (i) => `without term ${i + 1}`;

/**
 * @param {string} file
 * @param {Buffer} source
 * @param {Mutant[]} mutants - Those of this file; may be empty.
 * @returns {string} The source with the mutants in it.
 */
export function instrument(file, source, mutants) {
  if (mutants.length === 0) return source.toString();
  const edits = [];
  const idOf = (guard, change) => mutants.find((m) => m.guard === guard && m.change === change).id;
  const guards = [...new Set(mutants.map(({ guard }) => guard))];
  for (const guard of guards.filter(({ shape }) => shape !== 'modifier')) {
    edits.push(editOf(guard, source, (change) => idOf(guard, change)));
  }
  const uses = guards.filter(({ shape }) => shape === 'modifier');
  for (const definition of new Set(uses.map((use) => use.definition))) {
    const own = uses.filter((use) => use.definition === definition);
    edits.push(
      ...wrap(
        definition,
        source,
        own.map((use) => ({ index: use.index, id: idOf(use, 'removed') })),
      ),
    );
  }
  const up = '../'.repeat(file.split('/').length - 3) || './';
  return `${replace(source, { start: 0, end: source.length }, edits)}\nimport {MutantSwitch} from "${up}MutantSwitch.sol";\n`;
}

const isOn = (id) => `address(MutantSwitch) == address(${id})`;
const isOff = (id) => `address(MutantSwitch) != address(${id})`;

function editOf({ shape, range, terms }, source, id) {
  if (shape === 'statement') {
    const end = source.indexOf(';', range.end) + 1;
    const statement = source.subarray(range.start, end).toString();
    return { start: range.start, end, text: `{ if (${isOff(id('removed'))}) ${statement} }` };
  }
  const condition = source.subarray(range.start, range.end).toString();
  const divisible = replace(
    source,
    range,
    terms.map(({ operator, range: term }, i) => {
      const text = source.subarray(term.start, term.end).toString();
      const off = operator === '||' ? `${isOff(id(withoutTerm(i)))} &&` : `${isOn(id(withoutTerm(i)))} ||`;
      return { ...term, text: `(${off} (${text}))` };
    }),
  );
  const invertible = `(${isOn(id('inverted'))} ? !(${condition}) : (${divisible}))`;
  const text =
    shape === 'condition'
      ? `${isOff(id('removed'))} && ${invertible}`
      : `${isOn(id('removed'))} || ${invertible}`;
  return { ...range, text };
}

/**
 * A modifier cannot be put behind a switch, so the function's body becomes a function of its own, which is called
 * through all modifiers or through all but one.
 */
function wrap(definition, source, uses) {
  const { name, parameters, returnParameters, stateMutability, modifiers, body } = definition;
  const text = (node) => source.subarray(rangeOf(node).start, rangeOf(node).end).toString();
  const names = parameters.parameters.map((parameter, i) => parameter.name || `unnamed${i}`);
  const declared = parameters.parameters
    .map((p, i) => (p.name ? text(p) : `${text(p)} ${names[i]}`))
    .join(', ');
  const results = returnParameters.parameters.map(text).join(', ');
  const mutability = ['view', 'pure'].includes(stateMutability) ? ` ${stateMutability}` : '';
  const returns = results ? ` returns (${results})` : '';
  const at = rangeOf(definition).start;

  const header = (suffix, used) =>
    `function ${name}_${at}_${suffix}(${declared}) private${mutability} ${used.map(text).join(' ')}${returns}`;
  const call = (suffix) => `${results ? 'return ' : ''}${name}_${at}_${suffix}(${names.join(', ')});`;
  const choices = uses.map(({ id }) => `if (${isOn(id)}) { ${call(id)} ${results ? '' : 'return;'} }`);
  const through = uses.map(({ id, index }) => [id, modifiers.filter((_, i) => i !== index)]);
  const wrappers = [['all', modifiers], ...through].map(
    ([suffix, used]) => `${header(suffix, used)} { ${call('body')} }`,
  );

  const parameterEdits = parameters.parameters.flatMap((parameter, i) =>
    parameter.name
      ? []
      : [{ start: rangeOf(parameter).end, end: rangeOf(parameter).end, text: ` ${names[i]}` }],
  );
  return [
    ...parameterEdits,
    ...modifiers.map((modifier) => ({ ...rangeOf(modifier), text: '' })),
    {
      start: rangeOf(body).start,
      end: rangeOf(body).start,
      text: `{ ${choices.join(' ')} ${call('all')} } ${wrappers.join(' ')} ${header('body', [])} `,
    },
  ];
}

/** The source of `range` after the edits, which lie in it and do not overlap. */
function replace(source, range, edits) {
  const parts = [];
  let at = range.start;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < at) throw new Error(`edits overlap at byte ${start}`);
    parts.push(source.subarray(at, start).toString(), text);
    at = end;
  }
  return parts.join('') + source.subarray(at, range.end).toString();
}
