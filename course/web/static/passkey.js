/* Asks the device for a passkey and sends what it answers with the form. An app that shows codes works without this. */
(() => {
  "use strict";
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (list) => (list || []).map((one) => Object.assign({}, one, { id: bytes(one.id) }));

  async function create(options) {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = withBytes(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    return answer(made, {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
    });
  }
  async function get(options) {
    options.challenge = bytes(options.challenge);
    options.allowCredentials = withBytes(options.allowCredentials);
    const used = await navigator.credentials.get({ publicKey: options });
    return answer(used, {
      clientDataJSON: text(used.response.clientDataJSON),
      authenticatorData: text(used.response.authenticatorData),
      signature: text(used.response.signature),
    });
  }
  const answer = (one, response) => JSON.stringify({ id: one.id, rawId: text(one.rawId), type: one.type, response });

  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("[data-passkey]")) {
    const button = form.querySelector("button");
    const status = form.querySelector("[role=status]");
    form.querySelector(".without-script").hidden = true;
    button.hidden = false;
    button.addEventListener("click", async () => {
      status.textContent = "";
      button.disabled = true;
      try {
        const ask = form.dataset.passkey === "create" ? create : get;
        form.elements.passkey.value = await ask(JSON.parse(form.dataset.options));
        form.submit();
      } catch (error) {
        status.textContent = form.dataset.failed;
        button.disabled = false;
      }
    });
  }
})();
