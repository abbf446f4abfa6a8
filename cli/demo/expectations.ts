/** Collects what was expected and whether it is so; tells each as it is found. */
export class Expectations {
  private failures = 0;
  private count = 0;

  constructor(private readonly print: (line: string) => void) {}

  /** @param holds - Asked now; what it throws counts as a failure and is told. */
  async expect(what: string, holds: () => Promise<boolean>): Promise<void> {
    const { ok, reason } = await ask(holds);
    this.count += 1;
    if (!ok) this.failures += 1;
    this.print(`  ${ok ? '✓' : '✗'} ${what}${reason}`);
  }

  /** How many expectations there were, and how many do not hold. */
  result(): { readonly count: number; readonly failures: number } {
    return { count: this.count, failures: this.failures };
  }
}

async function ask(holds: () => Promise<boolean>): Promise<{ ok: boolean; reason: string }> {
  try {
    return { ok: await holds(), reason: '' };
  } catch (error) {
    return { ok: false, reason: `: ${error instanceof Error ? error.message : String(error)}` };
  }
}
