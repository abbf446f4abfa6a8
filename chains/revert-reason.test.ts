import { encodeErrorResult, type Hex, parseAbi, slice } from 'viem';
import { registryErrorsAbi } from './abi/errors';
import { wrappingErrorsAbi } from './abi/protocol/errors';
import { decodeRevert } from './revert-reason';

const ours = encodeErrorResult({ abi: registryErrorsAbi, errorName: 'EditionCapExceeded', args: [7n] });

function wrapped(inner: Hex): Hex {
  return encodeErrorResult({ abi: wrappingErrorsAbi, errorName: 'ReceiverError', args: [inner] });
}

describe('decodeRevert', () => {
  test('names our own errors with their values', () => {
    expect(decodeRevert(ours)).toEqual({ name: 'EditionCapExceeded', args: ['7'], data: ours });
  });

  test('takes off what a bridge wraps around the error, however often', () => {
    const messageId: Hex = `0x${'11'.repeat(32)}`;
    const twice = encodeErrorResult({
      abi: wrappingErrorsAbi,
      errorName: 'ExecutionError',
      args: [messageId, wrapped(ours)],
    });
    expect(decodeRevert(twice)).toEqual({ name: 'EditionCapExceeded', args: ['7'], data: twice });
  });

  test('names the wrapper when there is nothing inside, as when the receiver ran out of gas', () => {
    expect(decodeRevert(wrapped('0x'))).toMatchObject({ name: 'ReceiverError', args: ['0x'] });
  });

  test('gives texts and panics of Solidity', () => {
    const text = encodeErrorResult({
      abi: parseAbi(['error Error(string)']),
      errorName: 'Error',
      args: ['no'],
    });
    expect(decodeRevert(wrapped(text))).toMatchObject({ name: 'Error', args: ['no'] });
  });

  test('tells the selector of an error that is nobody of ours, and nothing of none', () => {
    expect(decodeRevert('0xdeadbeef01')).toMatchObject({ name: 'Unknown', args: ['0xdeadbeef'] });
    expect(decodeRevert('0x')).toMatchObject({ name: 'Unknown', args: [] });
  });

  test('never fails on data that only looks like an error of ours', () => {
    expect(decodeRevert(slice(ours, 0, 9))).toMatchObject({ name: 'Unknown' });
  });
});
