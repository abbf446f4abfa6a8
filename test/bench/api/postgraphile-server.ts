import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Node 20 has no `Promise.withResolvers`, which PostGraphile 5 needs. */
function polyfill(): void {
  if ('withResolvers' in Promise) return;
  Object.defineProperty(Promise, 'withResolvers', {
    value: <T>() => {
      let resolve: (value: T) => void = () => undefined;
      let reject: (reason: unknown) => void = () => undefined;
      const promise = new Promise<T>((settle, fail) => {
        resolve = settle;
        reject = fail;
      });
      return { promise, resolve, reject };
    },
  });
}

/** PostGraphile on our own tables, behind our own row policies: the tenant is pinned for each request. */
async function main(connectionString: string, tenantId: string): Promise<void> {
  polyfill();
  const { postgraphile } = await import('postgraphile');
  const { PostGraphileAmberPreset } = await import('postgraphile/presets/amber');
  const { makeV4Preset } = await import('postgraphile/presets/v4');
  const { makePgService } = await import('postgraphile/adaptors/pg');
  const { grafserv } = await import('postgraphile/grafserv/node');
  const instance = postgraphile({
    extends: [PostGraphileAmberPreset, makeV4Preset({ simpleCollections: 'omit' })],
    pgServices: [makePgService({ connectionString, schemas: ['public'], poolConfig: { max: 20 } })],
    grafast: { context: () => ({ pgSettings: { 'app.tenant_id': tenantId } }) },
    grafserv: { graphiql: false, watch: false },
  });
  const server = createServer();
  await instance.createServ(grafserv).addTo(server);
  server.listen(0, '127.0.0.1', () => {
    // CAST: a TCP server's address is one.
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
  });
}

const [connectionString = '', tenantId = ''] = process.argv.slice(2);
main(connectionString, tenantId).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
