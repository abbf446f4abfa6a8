import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Who signs in at the provider. */
export interface ProvidersPerson {
  readonly sub: string;
  readonly email: string;
  readonly verified: boolean;
}

/** A real OpenID provider (the certified `oidc-provider`) in a process of its own, with the client that it knows. */
export class OpenIdProvider {
  readonly clientId = 'colophon';
  readonly clientSecret = 'known to both';

  private constructor(
    private readonly child: ChildProcess,
    readonly issuer: string,
  ) {}

  static async start(redirectUri: string): Promise<OpenIdProvider> {
    const child = spawn(process.execPath, [join(__dirname, 'openid-provider-process.mjs'), redirectUri], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    if (child.stdout === null) throw new Error('its output is a pipe');
    for await (const line of createInterface({ input: child.stdout }))
      if (line.startsWith('http://')) return new OpenIdProvider(child, line);
    throw new Error('the OpenID provider ended before it listened');
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }

  /** Does what a browser does that was sent to `url`. @returns where it is sent back to in the end. */
  async visit(url: string, { sub, email, verified }: ProvidersPerson): Promise<string> {
    const cookies = new Map([['as', encodeURIComponent(`${sub}|${email}|${verified}`)]]);
    let at = url;
    for (let hop = 0; hop < 8; hop += 1) {
      const response = await fetch(at, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [name = '', value = ''] = cookie.split(';')[0]?.split('=') ?? [];
        cookies.set(name, value);
      }
      const next = response.headers.get('location');
      if (next === null) throw new Error(`the provider answers ${response.status}: ${await response.text()}`);
      at = new URL(next, at).href;
      if (!at.startsWith(this.issuer)) return at;
    }
    throw new Error('the provider redirects without end');
  }
}
