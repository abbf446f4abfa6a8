// Written by contracts/script/generate-abi.mjs; do not edit.

/** ABI of `DelayedQueue`. */
export const delayedQueueAbi = [
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
    "name": "EXECUTION_WINDOW",
    "inputs": [],
    "outputs": [
      {
        "name": "",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "announce",
    "inputs": [
      {
        "name": "calls",
        "type": "tuple[]",
        "internalType": "struct QueuedCall[]",
        "components": [
          {
            "name": "target",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "data",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "announcementOf",
    "inputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "tuple",
        "internalType": "struct Announcement",
        "components": [
          {
            "name": "readyAt",
            "type": "uint64",
            "internalType": "uint64"
          },
          {
            "name": "expiresAt",
            "type": "uint64",
            "internalType": "uint64"
          }
        ]
      }
    ],
    "stateMutability": "view"
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
    "name": "delayOf",
    "inputs": [
      {
        "name": "calls",
        "type": "tuple[]",
        "internalType": "struct QueuedCall[]",
        "components": [
          {
            "name": "target",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "data",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "delay",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "stateMutability": "pure"
  },
  {
    "type": "function",
    "name": "execute",
    "inputs": [
      {
        "name": "calls",
        "type": "tuple[]",
        "internalType": "struct QueuedCall[]",
        "components": [
          {
            "name": "target",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "data",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "planIdOf",
    "inputs": [
      {
        "name": "calls",
        "type": "tuple[]",
        "internalType": "struct QueuedCall[]",
        "components": [
          {
            "name": "target",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "data",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "pure"
  },
  {
    "type": "function",
    "name": "veto",
    "inputs": [
      {
        "name": "calls",
        "type": "tuple[]",
        "internalType": "struct QueuedCall[]",
        "components": [
          {
            "name": "target",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "data",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "withdraw",
    "inputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "PlanAnnounced",
    "inputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "calls",
        "type": "tuple[]",
        "indexed": false,
        "internalType": "struct QueuedCall[]",
        "components": [
          {
            "name": "target",
            "type": "address",
            "internalType": "address"
          },
          {
            "name": "data",
            "type": "bytes",
            "internalType": "bytes"
          }
        ]
      },
      {
        "name": "readyAt",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      },
      {
        "name": "expiresAt",
        "type": "uint64",
        "indexed": false,
        "internalType": "uint64"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "PlanExecuted",
    "inputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "PlanVetoed",
    "inputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "PlanWithdrawn",
    "inputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "AddressEmptyCode",
    "inputs": [
      {
        "name": "target",
        "type": "address",
        "internalType": "address"
      }
    ]
  },
  {
    "type": "error",
    "name": "FailedCall",
    "inputs": []
  },
  {
    "type": "error",
    "name": "InsufficientBalance",
    "inputs": [
      {
        "name": "balance",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "needed",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotGuardian",
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
    "name": "NotOwner",
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
    "name": "PlanAlreadyAnnounced",
    "inputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "readyAt",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "PlanEmpty",
    "inputs": []
  },
  {
    "type": "error",
    "name": "PlanExpired",
    "inputs": [
      {
        "name": "planId",
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
    "name": "PlanNotAnnounced",
    "inputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "PlanNotReady",
    "inputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "readyAt",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "PlanNotVetoable",
    "inputs": [
      {
        "name": "planId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  }
] as const;
