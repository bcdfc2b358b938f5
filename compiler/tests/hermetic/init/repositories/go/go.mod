module example.com/acme/ledger/v2

go 1.22
