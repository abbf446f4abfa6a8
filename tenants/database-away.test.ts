import { runInNewContext } from 'node:vm';
import { QueryFailedError } from 'typeorm';
import { isDatabaseAway } from './database-away';

const failing = (fields: object) => Object.assign(new Error('it failed'), fields);

test.each([
  ['a server that shuts down', failing({ code: '57P01' })],
  ['a connection that PostgreSQL gives up', failing({ code: '08006' })],
  ['no connection left', failing({ code: '53300' })],
  ['no room on its disk', failing({ code: '53100' })],
  ['a broken socket', failing({ code: 'ECONNRESET' })],
  ['a socket that is gone', failing({ code: 'ERR_STREAM_DESTROYED' })],
  ['what pg says without a code', new Error('Connection terminated unexpectedly')],
  ['what the pool says', new Error('timeout exceeded when trying to connect')],
  ['any of them behind TypeORM', new QueryFailedError('select 1', [], failing({ code: '57P03' }))],
  ['one of another realm', runInNewContext("Object.assign(new Error('read'), { code: 'ECONNRESET' })")],
])('%s is a database that is away', (_, error) => {
  expect(isDatabaseAway(error)).toBe(true);
});

test.each([
  ['a statement that is wrong', failing({ code: '22012' })],
  ['a conflict', new QueryFailedError('insert', [], failing({ code: '23505' }))],
  ['a bug', new TypeError('undefined is not a function')],
  ['nothing', undefined],
  ['a text', 'Connection terminated unexpectedly'],
])('%s is not', (_, error) => {
  expect(isDatabaseAway(error)).toBe(false);
});
