// Checks with other people's programs what the site has signed. `node check.mjs WHAT` reads a JSON value from standard
// input and prints one. Nothing is fetched: documents that are needed come with the question.
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {securityLoader} from '@digitalbazaar/security-document-loader';
import {compactVerify, createLocalJWKSet} from 'jose';
import jsQR from 'jsqr';

async function credential({document, documents}) {
  const loader = securityLoader();
  for (const [address, content] of Object.entries(documents)) loader.addStatic(address, content);
  const documentLoader = loader.build();
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await vc.verifyCredential({
    credential: document, suite, documentLoader,
    // The list is a credential of its own and is checked as one.
    checkStatus: async () => ({verified: true}),
  });
  const errors = result.error ? (result.error.errors || [result.error]).map(error => error.message) : [];
  return {verified: result.verified, errors};
}

async function token({token, keys}) {
  try {
    const {payload, protectedHeader} = await compactVerify(token, createLocalJWKSet(keys));
    return {verified: true, header: protectedHeader, payload: JSON.parse(new TextDecoder().decode(payload))};
  } catch (error) {
    return {verified: false, errors: [error.code]};
  }
}

function code({grey, width, height}) {
  const shades = Buffer.from(grey, 'base64');
  const pixels = new Uint8ClampedArray(width * height * 4);
  shades.forEach((shade, at) => pixels.set([shade, shade, shade, 255], at * 4));
  return {text: jsQR(pixels, width, height)?.data ?? null};
}

const work = {credential, token, code}[process.argv[2]];
let given = '';
for await (const part of process.stdin) given += part;
console.log(JSON.stringify(await work(JSON.parse(given))));
