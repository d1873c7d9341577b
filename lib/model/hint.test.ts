import { expect, it } from 'vitest';
import { formatHints, type Hint } from './hint';

const hint = (kind: Hint['kind'], text: string, number = 0): Hint => ({ kind, text, number });

it('says what was asked, and what was wrong with the answer', () => {
  const question = hint('dns-question', 'A a.example');
  const get = hint('http-request', 'GET /a');
  const client = hint('tls-client', 'TLS 1.3 a.example');
  expect(formatHints(undefined, undefined)).toBe('');
  expect(formatHints(question, undefined)).toBe('A a.example');
  expect(formatHints(question, hint('dns-answer', 'A a.example', 0))).toBe('A a.example');
  expect(formatHints(question, hint('dns-answer', 'A a.example', 3))).toBe('A a.example, NXDOMAIN');
  expect(formatHints(get, hint('http-response', 'HTTP/1.1 503', 503))).toBe('GET /a, 503');
  expect(formatHints(client, hint('tls-server', 'TLS 1.3', 772))).toBe('TLS 1.3 a.example');
  expect(formatHints(undefined, hint('tls-server', 'TLS 1.2', 771))).toBe('TLS 1.2');
});
