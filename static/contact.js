/* Sends the contact form by fetch where there is JavaScript; the form works without it. */
"use strict";
sentByFetch("contact");
