#ifndef HEEDAUDIT_CLIBCURL_SHIM_H
#define HEEDAUDIT_CLIBCURL_SHIM_H

// libcurl's options are set by functions with a variable number of arguments, which Swift can't call: a wrapper for each
// type of argument that we use.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

typedef size_t (*heed_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode heed_curl_set_text(CURL *handle, CURLoption option, const char *text) {
    return curl_easy_setopt(handle, option, text);
}

static inline CURLcode heed_curl_set_number(CURL *handle, CURLoption option, long number) {
    return curl_easy_setopt(handle, option, number);
}

static inline CURLcode heed_curl_set_size(CURL *handle, CURLoption option, curl_off_t size) {
    return curl_easy_setopt(handle, option, size);
}

static inline CURLcode heed_curl_set_pointer(CURL *handle, CURLoption option, void *pointer) {
    return curl_easy_setopt(handle, option, pointer);
}

static inline CURLcode heed_curl_set_receiver(CURL *handle, CURLoption option, heed_curl_receiver receiver) {
    return curl_easy_setopt(handle, option, receiver);
}

// The bytes are copied.
static inline CURLcode heed_curl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return curl_easy_setopt(handle, option, &blob);
}

static inline long heed_curl_number(CURL *handle, CURLINFO info) {
    long number = 0;
    return curl_easy_getinfo(handle, info, &number) == CURLE_OK ? number : 0;
}

static inline CURLMcode heed_curl_multi_set_number(CURLM *multi, CURLMoption option, long number) {
    return curl_multi_setopt(multi, option, number);
}

// What a message about a transfer that is done says; null for any other message.
static inline CURL *heed_curl_done(const CURLMsg *message, CURLcode *result) {
    if (message->msg != CURLMSG_DONE) return 0;
    *result = message->data.result;
    return message->easy_handle;
}

// Where the system keeps the authorities that it trusts; null where libcurl doesn't know.
static inline const char *heed_curl_authorities(void) { return curl_version_info(CURLVERSION_NOW)->cainfo; }

static inline const char *heed_curl_version(void) { return curl_version_info(CURLVERSION_NOW)->version; }

// The library that speaks TLS for libcurl; null for none.
static inline const char *heed_curl_tls(void) { return curl_version_info(CURLVERSION_NOW)->ssl_version; }

#endif
