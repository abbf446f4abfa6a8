import crypto from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, isPortFree, keptPort } from './ports';

let folder: string;
let portFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-port-'));
  portFile = join(folder, 'port');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('free ports', () => {
  test('are all different, and none is of those that systems give to outgoing connections', async () => {
    const ports = await freePorts(Array(50).fill(undefined));
    expect(new Set(ports).size).toBe(50);
    expect(Math.max(...ports)).toBeLessThan(32_768);
    expect(Math.min(...ports)).toBeGreaterThan(1_023);
  });

  test('are not given twice, though nobody listens on them yet', async () => {
    const [given = 0] = await freePorts([undefined]);
    const draws = jest.spyOn(crypto, 'randomInt').mockReturnValueOnce(given as never);
    try {
      const [other] = await freePorts([undefined]);
      expect(other).not.toBe(given);
      expect(draws.mock.calls.length).toBeGreaterThan(1);
    } finally {
      draws.mockRestore();
    }
  });

  test('are the preferred ones where those are free', async () => {
    const [taken = 0, wished = 0] = await freePorts([undefined, undefined]);
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(taken, '127.0.0.1', resolve));
    try {
      const [other, same] = await freePorts([taken, wished]);
      expect(other).not.toBe(taken);
      expect(same).toBe(wished);
    } finally {
      squatter.close();
    }
  });
});

describe('the kept port', () => {
  test('is the same as long as it is free', async () => {
    const port = await keptPort(portFile);
    expect(await keptPort(portFile)).toBe(port);
  });

  test('is another one, and noted, when somebody has taken it', async () => {
    const [taken = 0] = await freePorts([undefined]);
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(taken, '127.0.0.1', resolve));
    writeFileSync(portFile, `${taken}\n`);
    try {
      expect(await isPortFree(taken)).toBe(false);
      const port = await keptPort(portFile);
      expect(port).not.toBe(taken);
      expect(readFileSync(portFile, 'utf8')).toBe(`${port}\n`);
    } finally {
      squatter.close();
    }
  });

  test.each(['', 'garbage', '0', '70000', '-1'])('is chosen anew when the note reads %p', async (note) => {
    writeFileSync(portFile, note);
    expect(await keptPort(portFile)).toBeGreaterThan(0);
    expect(readFileSync(portFile, 'utf8')).toMatch(/^\d+\n$/);
  });
});
