// The entry of the test flavour where its Electron is older than ours: what that lacks first, then the program as it is shipped.
require('./sqlite.cjs');
const path = require('node:path');
const main = path.join(__dirname, '..', 'out', 'main', 'index.js');
require(main);
