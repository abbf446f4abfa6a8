import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { encodeWebhookSecret, generateWebhookKey, signatureHeaders } from './webhook-signer';

const body = '{"specversion":"1.0","data":"ü"}';
const message = (at = new Date()) => ({ id: 'b3e1c1a6-0000-4000-8000-000000000001', at, body });

test('the standardwebhooks library verifies what is signed, by either secret while one is rotated', () => {
  const [current, previous, other] = [generateWebhookKey(), generateWebhookKey(), generateWebhookKey()];
  const headers = signatureHeaders(message(), [current, previous]);
  for (const key of [current, previous])
    expect(new Webhook(encodeWebhookSecret(key)).verify(body, headers)).toEqual(JSON.parse(body));
  expect(() => new Webhook(encodeWebhookSecret(other)).verify(body, headers)).toThrow(
    WebhookVerificationError,
  );
});

test('a changed body, id or time is not verified', () => {
  const key = generateWebhookKey();
  const receiver = new Webhook(encodeWebhookSecret(key));
  const headers = signatureHeaders(message(), [key]);
  expect(() => receiver.verify(`${body} `, headers)).toThrow(WebhookVerificationError);
  expect(() => receiver.verify(body, { ...headers, 'webhook-id': 'another' })).toThrow(
    WebhookVerificationError,
  );
  const old = signatureHeaders(message(new Date(Date.now() - 600_000)), [key]);
  expect(() => receiver.verify(body, old)).toThrow('too old');
});

test('a secret has 256 bits and the prefix by which scanners know it', () => {
  const secret = encodeWebhookSecret(generateWebhookKey());
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
});
