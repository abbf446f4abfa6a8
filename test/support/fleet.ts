import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '../../cli/embedded/ports';
import { until } from '../devnet/polling';
import { OwnProcess } from './processes';

/** What the image runs as a process of its own, and goes on running. */
export type FleetRole = 'api' | 'worker' | 'follower';

/** One process of a deployment, as a pod is of a cluster. */
export interface FleetMember {
  /** Of its own in the fleet, e.g. `worker-2`. */
  readonly name: string;
  readonly role: FleetRole;
  /** After the role, e.g. `--pool`, `reserved`. */
  readonly args?: readonly string[];
  /** The folder of an earlier build, if it runs that. */
  readonly build?: string;
  /** Over the environment of all. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface FleetOptions {
  /** What all processes read; see api/config.ts and workers/config.ts. */
  readonly environment: Readonly<Record<string, string>>;
  /** Each start of a member logs into a file of its own: `NAME.N.log`. */
  readonly logDir: string;
  /** Told when a member ends that nobody has ended. */
  readonly onDeath?: (name: string, how: string, logFile: string) => void;
}

interface Post {
  readonly member: FleetMember;
  /** Where `/readyz` answers, and the API. */
  readonly port: number;
  child: OwnProcess;
  starts: number;
  /** False once it is to end and stay ended. */
  wanted: boolean;
  /** That its death is ours. */
  killed: boolean;
  /** Ends when it is over and nobody starts it again. */
  watch: Promise<void>;
}

const PROGRAM = 'cli/image/main.js';
const READY_TIMEOUT_MS = 120_000;
const READY_POLL_MS = 50;
/** How long a member that ended by itself stays away, as in a cluster that backs off. */
const BACK_OFF_MS = 500;

/**
 * The processes of a whole deployment, as the image runs them, with what a cluster does for them: whatever ends is
 * started again, on the port that it had.
 */
export class Fleet {
  /** How often members have ended by `kill`, and by themselves. */
  kills = 0;
  ownEnds = 0;
  private readonly posts = new Map<string, Post>();

  constructor(private readonly options: FleetOptions) {}

  /** Starts them side by side and waits until all are ready. @throws Error if one is not within two minutes. */
  async start(members: readonly FleetMember[]): Promise<void> {
    const ports = await freePorts(members.map(() => undefined));
    for (const [index, member] of members.entries()) {
      const port = ports[index];
      if (port === undefined) throw new Error('every member has a port');
      if (this.posts.has(member.name)) throw new Error(`there is a ${member.name} already`);
      const child = this.spawn(member, port, 1);
      const post: Post = {
        member,
        port,
        child,
        starts: 1,
        wanted: true,
        killed: false,
        watch: Promise.resolve(),
      };
      post.watch = this.supervise(post);
      this.posts.set(member.name, post);
    }
    await Promise.all(members.map(({ name }) => this.ready(name)));
  }

  get names(): readonly string[] {
    return [...this.posts.keys()];
  }

  /** Where a member answers: `/readyz` always, GraphQL at `/graphql` if it is an API. */
  urlOf(name: string): string {
    return `http://127.0.0.1:${this.post(name).port}`;
  }

  /** True if it says that it can work. */
  async isReady(name: string): Promise<boolean> {
    try {
      const { ok } = await fetch(`${this.urlOf(name)}/readyz`, { signal: AbortSignal.timeout(5_000) });
      return ok;
    } catch {
      return false; // not up (yet), or frozen
    }
  }

  /** Waits until it can work. @throws Error with the end of its log after two minutes. */
  async ready(name: string): Promise<void> {
    const wait = { timeoutMs: READY_TIMEOUT_MS, everyMs: READY_POLL_MS };
    try {
      await until(`${name} to be ready`, () => this.isReady(name), wait);
    } catch (cause) {
      throw new Error(`${name} is not ready: ${this.outputOf(name).slice(-2_000)}`, { cause });
    }
  }

  async allReady(): Promise<void> {
    await Promise.all(this.names.map((name) => this.ready(name)));
  }

  /** What the process that is a member now has logged. */
  outputOf(name: string): string {
    return this.post(name).child.output();
  }

  /** Ends a member as `kill -9` does; another process takes its place at once. */
  async kill(name: string): Promise<void> {
    const post = this.post(name);
    if (post.child.end !== undefined) return;
    post.killed = true;
    this.kills += 1;
    await post.child.kill();
  }

  /** As {@link kill}, but nothing takes its place before {@link replace}. */
  async lose(name: string): Promise<void> {
    const post = this.post(name);
    post.wanted = false;
    await this.kill(name);
    await post.watch;
  }

  /** As {@link replace}; waits until the other is ready. */
  async restart(name: string, changes?: Pick<FleetMember, 'environment' | 'build'>): Promise<void> {
    await this.replace(name, changes);
    await this.ready(name);
  }

  /**
   * Asks a member to drain, as a rollout does; another process takes its place.
   *
   * @param changes - What it is run with instead of what {@link start} was told, from now on.
   */
  async replace(name: string, changes?: Pick<FleetMember, 'environment' | 'build'>): Promise<void> {
    const post = this.post(name);
    await this.end(post);
    const member = { ...post.member, ...changes };
    const starts = post.starts + 1;
    const child = this.spawn(member, post.port, starts);
    const next: Post = { ...post, member, starts, child, wanted: true, killed: false };
    next.watch = this.supervise(next);
    this.posts.set(name, next);
  }

  /** Holds a member where it is. */
  freeze(name: string): void {
    this.post(name).child.freeze();
  }

  resume(name: string): void {
    this.post(name).child.resume();
  }

  /** Asks all to drain, and waits until they have. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.posts.values()].map((post) => this.end(post)));
    this.posts.clear();
  }

  private async end(post: Post): Promise<void> {
    post.wanted = false;
    if (post.child.end === undefined) {
      post.child.resume();
      await post.child.stop();
    }
    await post.watch;
  }

  private async supervise(post: Post): Promise<void> {
    for (;;) {
      const { exitCode, signal } = await post.child.whenEnded();
      if (!post.wanted) return;
      if (!post.killed) {
        this.ownEnds += 1;
        this.options.onDeath?.(post.member.name, signal ?? `code ${exitCode}`, this.logFile(post));
        await delay(BACK_OFF_MS);
        if (!post.wanted) return;
      }
      post.killed = false;
      post.starts += 1;
      post.child = this.spawn(post.member, post.port, post.starts);
    }
  }

  private spawn(member: FleetMember, port: number, starts: number): OwnProcess {
    const { role, args = [], environment = {}, build = '' } = member;
    const own = { [role === 'api' ? 'PORT' : 'HEALTH_PORT']: String(port) };
    const all = { ...this.options.environment, ...environment, ...own };
    return OwnProcess.spawn(join(build, PROGRAM), [role, ...args], all, this.logFile({ member, starts }));
  }

  private logFile({ member, starts }: Pick<Post, 'member' | 'starts'>): string {
    return join(this.options.logDir, `${member.name}.${starts}.log`);
  }

  private post(name: string): Post {
    const post = this.posts.get(name);
    if (post === undefined) throw new Error(`there is no ${name}`);
    return post;
  }
}
