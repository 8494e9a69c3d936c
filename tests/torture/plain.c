/* Sealing switched off: what is sealed stays as it is, with a tag of zeros. The same program with this
 * in front of libsodium is the control of overheard.py: every planted secret has to be found. */
#include <stddef.h>
#include <string.h>

enum { TAG = 16 };

int crypto_aead_xchacha20poly1305_ietf_encrypt(unsigned char *c, unsigned long long *clen,
	const unsigned char *m, unsigned long long mlen, const unsigned char *ad,
	unsigned long long adlen, const unsigned char *nsec, const unsigned char *npub,
	const unsigned char *k);
int crypto_aead_xchacha20poly1305_ietf_decrypt(unsigned char *m, unsigned long long *mlen,
	unsigned char *nsec, const unsigned char *c, unsigned long long clen,
	const unsigned char *ad, unsigned long long adlen, const unsigned char *npub,
	const unsigned char *k);

int
crypto_aead_xchacha20poly1305_ietf_encrypt(unsigned char *c, unsigned long long *clen,
	const unsigned char *m, unsigned long long mlen, const unsigned char *ad,
	unsigned long long adlen, const unsigned char *nsec, const unsigned char *npub,
	const unsigned char *k)
{
	(void)ad, (void)adlen, (void)nsec, (void)npub, (void)k;
	memmove(c, m, (size_t)mlen);
	memset(c + mlen, 0, TAG);
	if (clen != NULL)
		*clen = mlen + TAG;
	return 0;
}

int
crypto_aead_xchacha20poly1305_ietf_decrypt(unsigned char *m, unsigned long long *mlen,
	unsigned char *nsec, const unsigned char *c, unsigned long long clen,
	const unsigned char *ad, unsigned long long adlen, const unsigned char *npub,
	const unsigned char *k)
{
	(void)ad, (void)adlen, (void)nsec, (void)npub, (void)k;
	if (clen < TAG)
		return -1;
	memmove(m, c, (size_t)(clen - TAG));
	if (mlen != NULL)
		*mlen = clen - TAG;
	return 0;
}
