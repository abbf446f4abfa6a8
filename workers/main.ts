import 'reflect-metadata';
import { failProcess } from '../domain/fail-process';
import { isRole, roleNames, runRole } from './run-role';

async function main(): Promise<void> {
  const [, , role] = process.argv;
  if (!isRole(role)) throw new Error(`usage: main.js ${roleNames().join(' | ')}`);
  await runRole(role, process.env);
}

main().catch(failProcess('the process failed'));
