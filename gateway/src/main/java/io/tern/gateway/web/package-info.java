/** What all HTTP routes share: the route table, bodies with limits, request ids and security headers. */
@NullMarked
package io.tern.gateway.web;

import org.jspecify.annotations.NullMarked;
