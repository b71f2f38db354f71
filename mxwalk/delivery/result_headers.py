def claims_of(message): return ()
def written_headers(case): return ()
def differences_of(case): return ()
