// Written by contracts/script/generate-abi.mjs; do not edit.

/** ABI of `RoyaltyReceiver`. */
export const royaltyReceiverAbi = [
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
    "type": "receive",
    "stateMutability": "payable"
  },
  {
    "type": "function",
    "name": "forward",
    "inputs": [
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "received",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "vault",
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
    "type": "event",
    "name": "Forwarded",
    "inputs": [
      {
        "name": "token",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "amount",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      },
      {
        "name": "received",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "NativeReceived",
    "inputs": [
      {
        "name": "payer",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "amountWei",
        "type": "uint256",
        "indexed": false,
        "internalType": "uint256"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "NothingToForward",
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
    "name": "SafeERC20FailedOperation",
    "inputs": [
      {
        "name": "token",
        "type": "address",
        "internalType": "address"
      }
    ]
  }
] as const;
