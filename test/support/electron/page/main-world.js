/* global window, document */
// The page's own world, before any script of the page.
(function mainWorld({ secret }, createBridge) {
  const bridge = createBridge(secret, ':main', ':preload');
  const BaseUrl = URL;

  function freeze(value) {
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
    for (const item of Object.values(value)) freeze(item);
    return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype ? Object.freeze(value) : value;
  }

  bridge.handlers.expose = ({ key, api }) => {
    const value = freeze(bridge.unpack(api));
    Object.defineProperty(window, key, { value, enumerable: true, configurable: false, writable: false });
  };

  // A new window is main's to allow, and the stand-in allows none.
  window.open = function open(url = '', name = '') {
    bridge.send('open', { url: String(new BaseUrl(url, document.baseURI)), name: String(name) });
    return null;
  };
});
