/**
 * The officially assigned alpha-2 codes. A test compares them with the package `iso-3166-1`.
 * Source: https://www.iso.org/iso-3166-country-codes.html
 */
const codes =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD ' +
  'CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF ' +
  'GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN ' +
  'KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA ' +
  'NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI ' +
  'SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI ' +
  'VN VU WF WS YE YT ZA ZM ZW';

/**
 * Where an address is not complete without a postal code, and where there are none. In the other countries there are some,
 * but addresses are written without them too (Ireland). Source: the fields `require` and `fmt` of
 * https://chromium-i18n.appspot.com/ssl-address, the address metadata that Chromium and Android use.
 */
const withPostalCode =
  'AS AT AU AX BE BL BR CA CH CN CZ DE DK EE ES FI FK FM FR GB GF GG GL GP GR GS GU HU IM IN IO IT JE JP KR LI LT LU LV MF ' +
  'MH MP MQ MX MY NC NL NO NZ PF PL PM PN PR PT PW RE RO RU SE SG SH SJ SK SM TC TR TW UA US VI WF YT ZA';
const withoutPostalCode =
  'AE AG AO AQ AW BF BI BJ BO BQ BS BV BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GQ GY HK JM KI KM KN LC LY ML MO ' +
  'MR MS MW NR NU PA PS QA RW SB SC SL SR SS ST SX SY TD TF TG TK TL TO TT TV UG VU WS YE ZW';

/** The alpha-2 codes of ISO 3166-1, sorted. */
export const countryCodes: readonly string[] = codes.split(' ');

const countries = new Set(countryCodes);
const required = new Set(withPostalCode.split(' '));
const none = new Set(withoutPostalCode.split(' '));

/** Whether a text is the alpha-2 code of a country. */
export const isCountry = (code: string): boolean => countries.has(code);

/** Countries whose addresses are not complete without a postal code, sorted. */
export const postalCodeCountries: readonly string[] = withPostalCode.split(' ');

/** Whether addresses of a country have a postal code: always, sometimes, or never. */
export function postalCodeUse(country: string): 'required' | 'optional' | 'none' {
  if (required.has(country)) return 'required';
  return none.has(country) ? 'none' : 'optional';
}
