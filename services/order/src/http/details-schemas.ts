import { LineInput, TextInput } from '@tradepost/contracts/input';
import { Time } from '@tradepost/contracts/shapes';
import { Type } from 'typebox';

/** A VAT id in a request: its form is checked where it is used. */
export const VatIdInput = LineInput(20, {
  description: 'The VAT id of a member state of the EU, with its letters; spaces, dots and hyphens may be left out',
  examples: ['DE136695976'],
});

/** What a request to place an order says beside what is sent where. */
export const detailsFields = {
  company: Type.Optional(LineInput(200, { description: 'The company that buys' })),
  vatId: Type.Optional(VatIdInput),
  note: Type.Optional(
    TextInput(1000, { minLength: 1, description: 'For whoever sends the order, and for the carrier' }),
  ),
  giftNote: Type.Optional(TextInput(500, { minLength: 1, description: 'Words that go into the parcel' })),
  acceptedTerms: Type.Optional(
    Type.Boolean({ description: 'Must be true where the shop has `terms`; see `GET /shop`' }),
  ),
  ageConfirmed: Type.Optional(
    Type.Boolean({ description: 'Must be true where the shop has a `minimumAge`; see `GET /shop`' }),
  ),
};

/** A VAT id in an answer. */
export const CheckedVatId = Type.Object({
  value: Type.String({ examples: ['DE136695976'] }),
  status: Type.Union([Type.Literal('valid'), Type.Literal('invalid'), Type.Literal('unchecked')], {
    description:
      'Whether it is registered. `unchecked`: the register was not asked, since it makes no difference, or did not answer; then ' +
      'tax is charged',
  }),
  reverseCharge: Type.Boolean({ description: 'Whether no tax is charged because of it' }),
  consultationNumber: Type.Optional(Type.String({ description: 'The proof of the register that it was asked' })),
});

/** The details of an order in an answer, without the billing address. */
export const orderDetails = {
  company: Type.Optional(Type.String({ description: 'Not for a seller' })),
  vatId: Type.Optional(CheckedVatId),
  note: Type.Optional(Type.String({ description: 'For whoever sends the order, and for the carrier' })),
  giftNote: Type.Optional(Type.String({ description: 'Words that go into the parcel' })),
  acceptedTerms: Type.Optional(
    Type.Object(
      { url: Type.String(), at: Time },
      { description: 'The terms that the customer has accepted, and when. Not for a seller' },
    ),
  ),
  confirmedAge: Type.Optional(
    Type.Object({ minimumAge: Type.Integer(), at: Time }, { description: 'Not for a seller' }),
  ),
};
