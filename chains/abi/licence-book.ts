// Written by contracts/script/generate-abi.mjs; do not edit.

/** ABI of `LicenceBook`. */
export const licenceBookAbi = [
  {
    "type": "constructor",
    "inputs": [
      {
        "name": "deployment",
        "type": "tuple",
        "internalType": "struct Deployment",
        "components": [
          {
            "name": "manifest",
            "type": "tuple",
            "internalType": "struct Manifest",
            "components": [
              {
                "name": "owner",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "salt",
                "type": "bytes32",
                "internalType": "bytes32"
              },
              {
                "name": "name",
                "type": "string",
                "internalType": "string"
              },
              {
                "name": "symbol",
                "type": "string",
                "internalType": "string"
              },
              {
                "name": "contractURI",
                "type": "string",
                "internalType": "string"
              },
              {
                "name": "editionCap",
                "type": "uint64",
                "internalType": "uint64"
              },
              {
                "name": "royaltyBps",
                "type": "uint96",
                "internalType": "uint96"
              },
              {
                "name": "royaltyReceiver",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "royaltyPolicyHash",
                "type": "bytes32",
                "internalType": "bytes32"
              },
              {
                "name": "licenceHash",
                "type": "bytes32",
                "internalType": "bytes32"
              },
              {
                "name": "minter",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "policy",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "operator",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "guardian",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "artist",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "seedSource",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "adopted",
                "type": "address",
                "internalType": "address"
              },
              {
                "name": "adapterCodeHash",
                "type": "bytes32",
                "internalType": "bytes32"
              },
              {
                "name": "outboundLimit",
                "type": "tuple",
                "internalType": "struct Limit",
                "components": [
                  {
                    "name": "capacity",
                    "type": "uint32",
                    "internalType": "uint32"
                  },
                  {
                    "name": "perDay",
                    "type": "uint32",
                    "internalType": "uint32"
                  }
                ]
              },
              {
                "name": "inboundLimit",
                "type": "tuple",
                "internalType": "struct Limit",
                "components": [
                  {
                    "name": "capacity",
                    "type": "uint32",
                    "internalType": "uint32"
                  },
                  {
                    "name": "perDay",
                    "type": "uint32",
                    "internalType": "uint32"
                  }
                ]
              },
              {
                "name": "homeChainHash",
                "type": "bytes32",
                "internalType": "bytes32"
              },
              {
                "name": "chains",
                "type": "tuple[]",
                "internalType": "struct ChainEntry[]",
                "components": [
                  {
                    "name": "chainHash",
                    "type": "bytes32",
                    "internalType": "bytes32"
                  },
                  {
                    "name": "chainId",
                    "type": "uint256",
                    "internalType": "uint256"
                  },
                  {
                    "name": "ccipRouter",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "ccipSelector",
                    "type": "uint64",
                    "internalType": "uint64"
                  },
                  {
                    "name": "lzEndpoint",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "lzEid",
                    "type": "uint32",
                    "internalType": "uint32"
                  },
                  {
                    "name": "lzSendLibrary",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "lzReceiveLibrary",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "lzExecutor",
                    "type": "address",
                    "internalType": "address"
                  },
                  {
                    "name": "lzConfirmations",
                    "type": "uint64",
                    "internalType": "uint64"
                  },
                  {
                    "name": "lzDvns",
                    "type": "address[]",
                    "internalType": "address[]"
                  }
                ]
              },
              {
                "name": "codeHashes",
                "type": "bytes32[]",
                "internalType": "bytes32[]"
              }
            ]
          },
          {
            "name": "registryId",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "components",
            "type": "address[]",
            "internalType": "address[]"
          },
          {
            "name": "peers",
            "type": "bytes32[][]",
            "internalType": "bytes32[][]"
          }
        ]
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "MAX_WORKS",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "addTemplate",
    "inputs": [
      {
        "name": "templateHash",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "uri",
        "type": "string",
        "internalType": "string"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "applyGrant",
    "inputs": [
      {
        "name": "srcChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "arrived",
        "type": "tuple",
        "internalType": "struct Grant",
        "components": [
          {
            "name": "issuerChainHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "templateHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "holder",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "serial",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "revision",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "grantedAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "expiresAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "transferable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revocable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revoked",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "workIds",
            "type": "uint256[]",
            "internalType": "uint256[]"
          }
        ]
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "buy",
    "inputs": [
      {
        "name": "offerId",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "holder",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "payable"
  },
  {
    "type": "function",
    "name": "collection",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "covers",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "workId",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "grantIdOf",
    "inputs": [
      {
        "name": "issuerChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "serial",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "grantOf",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "grant",
        "type": "tuple",
        "internalType": "struct Grant",
        "components": [
          {
            "name": "issuerChainHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "templateHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "holder",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "serial",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "revision",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "grantedAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "expiresAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "transferable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revocable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revoked",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "workIds",
            "type": "uint256[]",
            "internalType": "uint256[]"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "grantsOf",
    "inputs": [
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "templateHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32[]",
        "internalType": "bytes32[]"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "isLicensed",
    "inputs": [
      {
        "name": "workId",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "account",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "templateHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "isOpen",
    "inputs": [
      {
        "name": "offerId",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bool",
        "internalType": "bool"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "offer",
    "inputs": [
      {
        "name": "terms",
        "type": "tuple",
        "internalType": "struct Offer",
        "components": [
          {
            "name": "templateHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "currency",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "price",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "termSeconds",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "closesAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "transferable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revocable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "workIds",
            "type": "uint256[]",
            "internalType": "uint256[]"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "offerId",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "offerOf",
    "inputs": [
      {
        "name": "offerId",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "tuple",
        "internalType": "struct Offer",
        "components": [
          {
            "name": "templateHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "currency",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "price",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "termSeconds",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "closesAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "transferable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revocable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "workIds",
            "type": "uint256[]",
            "internalType": "uint256[]"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "receiver",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "revoke",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "reasonHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "statementOf",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "dstChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "grant",
        "type": "tuple",
        "internalType": "struct Grant",
        "components": [
          {
            "name": "issuerChainHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "templateHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "holder",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "serial",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "revision",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "grantedAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "expiresAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "transferable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revocable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revoked",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "workIds",
            "type": "uint256[]",
            "internalType": "uint256[]"
          }
        ]
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "transfer",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "to",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "uriOf",
    "inputs": [
      {
        "name": "templateHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "string",
        "internalType": "string"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "withdrawOffer",
    "inputs": [
      {
        "name": "offerId",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "GrantApplied",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "holder",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "revision",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      },
      {
        "name": "grant",
        "type": "tuple",
        "indexed": false,
        "internalType": "struct Grant",
        "components": [
          {
            "name": "issuerChainHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "templateHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "holder",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "serial",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "revision",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "grantedAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "expiresAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "transferable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revocable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revoked",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "workIds",
            "type": "uint256[]",
            "internalType": "uint256[]"
          }
        ]
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "LicenceBought",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "offerId",
        "type": "uint256",
        "indexed": true,
        "internalType": "uint256"
      },
      {
        "name": "holder",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "buyer",
        "type": "address",
        "indexed": false,
        "internalType": "address"
      },
      {
        "name": "grant",
        "type": "tuple",
        "indexed": false,
        "internalType": "struct Grant",
        "components": [
          {
            "name": "issuerChainHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "templateHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "holder",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "serial",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "revision",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "grantedAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "expiresAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "transferable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revocable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revoked",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "workIds",
            "type": "uint256[]",
            "internalType": "uint256[]"
          }
        ]
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "LicenceOffered",
    "inputs": [
      {
        "name": "offerId",
        "type": "uint256",
        "indexed": true,
        "internalType": "uint256"
      },
      {
        "name": "templateHash",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "offer",
        "type": "tuple",
        "indexed": false,
        "internalType": "struct Offer",
        "components": [
          {
            "name": "templateHash",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "currency",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "price",
            "type": "uint256",
            "internalType": "uint256"
          },
          {
            "name": "termSeconds",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "closesAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "transferable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "revocable",
            "type": "bool",
            "internalType": "bool"
          },
          {
            "name": "workIds",
            "type": "uint256[]",
            "internalType": "uint256[]"
          }
        ]
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "LicenceRevoked",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "holder",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "reasonHash",
        "type": "bytes32",
        "indexed": false,
        "internalType": "bytes32"
      },
      {
        "name": "revision",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "LicenceTransferred",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "from",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "to",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "revision",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "OfferWithdrawn",
    "inputs": [
      {
        "name": "offerId",
        "type": "uint256",
        "indexed": true,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "TemplateAdded",
    "inputs": [
      {
        "name": "templateHash",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "uri",
        "type": "string",
        "indexed": false,
        "internalType": "string"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "ChainNotInManifest",
    "inputs": [
      {
        "name": "chainId",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "CurrencyInvalid",
    "inputs": [
      {
        "name": "currency",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "GrantIssuedElsewhere",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "issuerChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "GrantNotRevocable",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "GrantNotTransferable",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "GrantOver",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "expiresAt",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "GrantUnknown",
    "inputs": [
      {
        "name": "grantId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "HolderInvalid",
    "inputs": [
      {
        "name": "holder",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "LicenceUnauthorized",
    "inputs": [
      {
        "name": "caller",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "OfferClosed",
    "inputs": [
      {
        "name": "offerId",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "closesAt",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "OfferClosesInThePast",
    "inputs": [
      {
        "name": "closesAt",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "OfferUnknown",
    "inputs": [
      {
        "name": "offerId",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "PaymentRefused",
    "inputs": [
      {
        "name": "receiver",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "amountWei",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "ReentrancyGuardReentrantCall",
    "inputs": []
  },
  {
    "type": "error",
    "name": "SafeERC20FailedOperation",
    "inputs": [
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "TemplateExists",
    "inputs": [
      {
        "name": "templateHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "TemplateInvalid",
    "inputs": [
      {
        "name": "templateHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "TemplateUnknown",
    "inputs": [
      {
        "name": "templateHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "TooManyWorks",
    "inputs": [
      {
        "name": "limit",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "count",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "WrongGrantRoute",
    "inputs": [
      {
        "name": "issuerChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "srcChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "dstChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "WrongPayment",
    "inputs": [
      {
        "name": "price",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "paid",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  }
] as const;
