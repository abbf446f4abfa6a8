import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseImageCommand } from '../../cli/image/arguments';
import { ourPodsOf, renderObjects, VALUES_FILES } from './support/chart';
import { runToEnd } from './support/helm';

const ROOT = join(__dirname, '../..');

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** A Dockerfile's instructions by stage; those before the first stage are under ''. */
function readStages(text: string): ReadonlyMap<string, readonly Instruction[]> {
  const stages = new Map<string, Instruction[]>([['', []]]);
  let stage = '';
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n');
  for (const line of lines.filter((each) => each.trim() !== '')) {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stage = / AS (\S+)$/.exec(rest)?.[1] ?? '';
    const instructions = stages.get(stage) ?? [];
    instructions.push({ name, rest: rest.replaceAll(/\s+/g, ' ') });
    stages.set(stage, instructions);
  }
  return stages;
}

const stages = readStages(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
const of = (stage: string, name: string) =>
  (stages.get(stage) ?? []).filter((each) => each.name === name).map(({ rest }) => rest);

describe('the image', () => {
  test('stands in every stage on one pinned LTS of Node, slim', () => {
    const [base] = of('', 'ARG');
    expect(base).toMatch(/^NODE_IMAGE=docker\.io\/library\/node:(22|24|26)-\w+-slim$/);
    for (const stage of ['build', 'dependencies', 'runtime'])
      expect(of(stage, 'FROM')).toEqual([expect.stringMatching(/^(--platform=\S+ )?\$\{NODE_IMAGE\} AS /)]);
  });

  test('runs as nobody in particular, who may write nowhere, and hears of its end', () => {
    expect(of('runtime', 'USER')).toEqual(['1000:1000']);
    // Nothing runs as root to make it, and nothing is given to the one who runs.
    expect(of('runtime', 'RUN')).toEqual([]);
    expect(
      of('runtime', 'COPY').filter((copy) => copy.includes('--chown') || copy.includes('--chmod')),
    ).toEqual([]);
    // A shell would keep signals to itself.
    expect(JSON.parse(of('runtime', 'ENTRYPOINT')[0] ?? '')).toEqual(['node', '/app/dist/cli/image/main.js']);
    expect(existsSync(join(ROOT, 'cli/image/main.ts'))).toBe(true);
    expect(of('runtime', 'STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  test('holds what other stages made for it, and nothing of the folder that it is built in', () => {
    for (const copy of of('runtime', 'COPY')) expect(copy).toMatch(/^--from=(dependencies|build) \/image/);
    expect([...stages.values()].flat().map(({ name }) => name)).not.toContain('ADD');
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.colophon', '**/node_modules', '**/dist']));
  });

  test('is made of what the lock file pins, production dependencies alone, none of which runs a script', () => {
    const commands = [...of('build', 'RUN'), ...of('dependencies', 'RUN')].flatMap((run) =>
      run.split(' && '),
    );
    for (const install of commands.filter((command) => /npm (ci|i|install)\b/.test(command)))
      expect(install).toMatch(/^npm ci .*--ignore-scripts/);
    expect(of('dependencies', 'RUN').join()).toContain('npm ci --omit=dev');
    expect(commands.filter((command) => /\b(curl|wget|apt|apt-get|npx)\b/.test(command))).toEqual([]);
  });

  test('copies only what is there', () => {
    for (const stage of ['build', 'dependencies'])
      for (const copy of of(stage, 'COPY'))
        for (const source of copy.split(' ').slice(0, -1))
          expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
  });

  // Needs a build; the script brings one up to date first.
  test('loads production dependencies alone, and takes no more than 150 MiB with them', async () => {
    const script = spawn(process.execPath, [join(ROOT, 'cli/image/size.mjs')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(await runToEnd(script)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test.each(VALUES_FILES)(
    'understands every command that the chart gives it with values-%s.yaml',
    async (values) => {
      const pods = ourPodsOf(await renderObjects({ values }));
      const commands = pods.map(({ container }) => parseImageCommand(container.args ?? []).name);
      expect(new Set(commands)).toEqual(
        new Set(['api', 'worker', 'follower', 'migrate', 'check-database', 'rebuild']),
      );
    },
  );
});
