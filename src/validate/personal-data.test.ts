import { expect, test } from 'vitest'
import { checkPersonalData, findPersonalData } from './personal-data.ts'

// Accounts of Germany, Britain, France, Malta and Norway and the card numbers are those that banks and processors publish as
// examples; DE93… and CH61… are drawn by schwifty 2026 (IBAN.random), an independent implementation of ISO 13616.
const personal: readonly (readonly [string, string])[] = [
  ['write to jane.doe+birds@mail.example.co.uk today', 'e-mail address'],
  ['<o’neil@müller.de>', 'e-mail address'],
  ['reach me at +49 30 901820', 'phone number'],
  ['+1 (212) 555-0187 is my line', 'phone number'],
  ['+442079460958', 'phone number'],
  ['+33.1.23.45.67.89', 'phone number'],
  ['0049 30 901820', 'phone number'],
  ['call (212) 555-0187, please', 'phone number'],
  ['212-555-0187.', 'phone number'],
  ['212.555.0187', 'phone number'],
  ['1-800-555-0199', 'phone number'],
  ['phone: 020 7946 0958', 'phone number'],
  ['my mobile number is 07700 900123', 'phone number'],
  ['tel. 5550187', 'phone number'],
  ['+1 212 555 0187 0 0 0 300 4000', 'phone number'],
  ['card 4111 1111 1111 1111 expires soon', 'payment card'],
  ['4111-1111-1111-1111', 'payment card'],
  ['5555555555554444', 'payment card'],
  ['378282246310005', 'payment card'],
  ['3782 822463 10005', 'payment card'],
  ['6011111111111117', 'payment card'],
  ['DE89 3704 0044 0532 0130 00', 'bank account (IBAN)'],
  ['pay GB82WEST12345698765432 now', 'bank account (IBAN)'],
  ['FR14 2004 1010 0505 0001 3M02 606', 'bank account (IBAN)'],
  ['MT84MALT011000012345MTLCAST001S', 'bank account (IBAN)'],
  ['no93 8601 1117 947', 'bank account (IBAN)'],
  ['DE93 5450 0000 0166 1318 60', 'bank account (IBAN)'],
  ['CH61 7676 3LD6 GNCF BAEP F', 'bank account (IBAN)'],
  ['AB12 DE89 3704 0044 0532 0130 00 thanks a lot', 'bank account (IBAN)'],
  ['SSN 078-05-1120', 'social security number'],
  ['from 203.0.113.77 at noon', 'IP address'],
  ['192.168.10.4', 'IP address'],
  ['2001:db8:85a3::8a2e:370:7334', 'IP address'],
  ['00:1A:2b:3c:4D:5e', 'MAC address'],
  ['00-1A-2b-3c-4D-5e', 'MAC address'],
  ['001a.2b3c.4d5e', 'MAC address'],
  ['http://203.0.113.77:8080/', 'IP address'],
  ['[2001:db8::1:2]', 'IP address'],
  ['my DNI is 61808271A', 'national number (Spain)'],
  ['codice fiscale ILHCET56P18S485L', 'national number (Italy)'],
  ['NIR 2 73 02 40 177 239 08', 'national number (France)'],
]

test.each(personal)('%j holds a %s', (text, kind) => {
  expect(findPersonalData(text)).toEqual([kind])
})

const harmless = [
  'flight UA 1549 hit geese at 3,200 ft',
  '1990-01-11',
  '1990-01-11T08:30:00+01:00',
  '11/01/1990 12:30:45',
  'B-737-300',
  'DC-10-30',
  'MD-80-87 and A-320-200',
  'BA-146-300-100',
  'Speed IAS in knots: 140',
  'costs 0 0 0 300 and 1200000 in all',
  '0 0 0 140 4500 120000',
  '12,345,678.90',
  '+40.712776 -74.005974',
  '+40.712776-074.005974',
  'zip 10001-2345',
  'record 0012345678',
  'ISBN 978-3-16-148410-0',
  'version 10.12.33.4',
  'v10.12.33.4',
  'section 1.2.3.4',
  'localhost 127.0.0.1',
  '4111 1111 1111 1112',
  '1234567890123452',
  'DE88 3704 0044 0532 0130 00',
  'XX89 3704 0044 0532 0130 00',
  '000-12-3456',
  '666-12-3456',
  '912-12-3456',
  '123-00-4567',
  'std::cat and a::b',
  'ratio 1:2:3',
  '01-02-03-04-05-06',
  'met @noon @ the gate',
  'user@host',
  'the phone rang 3 times in 1990',
  'phone since 1990-01-11 12',
  'I paid by card ending 1111, 20 days ago',
  'temperatures +5 10 15 20',
  'page 212-213, 555-560',
  '{"speed": 140, "height": 3200, "cost": 1000000}',
  'T-38A KC-10A B-52 C-130',
  '9:30-10:45',
  'ff0000 00ff00',
  '1000.2000.3000',
  'order 205052253 for 61808271B',
]

test.each(harmless)('%j holds no personal data', text => {
  expect(findPersonalData(text)).toEqual([])
})

test('a row is rejected with the kind and the column, and the data are not repeated', () => {
  const verdict = checkPersonalData({
    traced: {
      id: 'rules:1',
      group: 'rules:1',
      row: { speed: 140, remarks: 'ask jane@birds.example' },
      origin: {
        kind: 'synthetic',
        generator: 'rules',
        seed: 1,
        cell: {},
        fitted: null,
        parents: [],
        share: 'anyone',
      },
    },
    examples: [],
  })
  expect(verdict).toEqual({
    pass: false,
    reason: 'personal-data',
    detail: 'e-mail address in column remarks',
  })
})
