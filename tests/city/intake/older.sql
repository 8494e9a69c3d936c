-- Receipts as an older version kept them.

-- name: older_receipt
-- one: report id, receipt_epoch int64?, receipt_sealed bytes
SELECT report, receipt_epoch, receipt_sealed FROM idempotency;

-- name: older_receipt_put
-- in: receipt_key id, receipt_sealed bytes
UPDATE idempotency SET receipt_key = :receipt_key, receipt_epoch = NULL, receipt_sealed = :receipt_sealed;
