// Written by contracts/script/generate-abi.mjs; do not edit.

/** ABI of `LayerZeroTransport`. */
export const layerZeroTransportAbi = [
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
    "name": "allowInitializePath",
    "inputs": [
      {
        "name": "origin",
        "type": "tuple",
        "internalType": "struct Origin",
        "components": [
          {
            "name": "srcEid",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "sender",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "nonce",
            "type": "uint64",
            "internalType": "uint64"
          }
        ]
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
    "name": "callEndpoint",
    "inputs": [
      {
        "name": "data",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "gateway",
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
    "name": "limitsTo",
    "inputs": [
      {
        "name": "dstChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "maxBytes",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "maxGas",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "lzReceive",
    "inputs": [
      {
        "name": "origin",
        "type": "tuple",
        "internalType": "struct Origin",
        "components": [
          {
            "name": "srcEid",
            "type": "uint32",
            "internalType": "uint32"
          },
          {
            "name": "sender",
            "type": "bytes32",
            "internalType": "bytes32"
          },
          {
            "name": "nonce",
            "type": "uint64",
            "internalType": "uint64"
          }
        ]
      },
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "message",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "",
        "type": "address",
        "internalType": "address"
      },
      {
        "name": "",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [],
    "stateMutability": "payable"
  },
  {
    "type": "function",
    "name": "nextNonce",
    "inputs": [
      {
        "name": "",
        "type": "uint32",
        "internalType": "uint32"
      },
      {
        "name": "",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "stateMutability": "pure"
  },
  {
    "type": "function",
    "name": "peerOf",
    "inputs": [
      {
        "name": "chainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "peer",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "protocol",
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
    "name": "protocolChainIdOf",
    "inputs": [
      {
        "name": "chainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "outputs": [
      {
        "name": "protocolChainId",
        "type": "uint64",
        "internalType": "uint64"
      }
    ],
    "stateMutability": "view"
  },
  {
    "type": "function",
    "name": "quote",
    "inputs": [
      {
        "name": "dstChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "message",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "gasLimit",
        "type": "uint256",
        "internalType": "uint256"
      }
    ],
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
    "name": "send",
    "inputs": [
      {
        "name": "dstChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "message",
        "type": "bytes",
        "internalType": "bytes"
      },
      {
        "name": "gasLimit",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "refundTo",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [
      {
        "name": "messageId",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ],
    "stateMutability": "payable"
  },
  {
    "type": "function",
    "name": "setGateway",
    "inputs": [
      {
        "name": "current",
        "type": "address",
        "internalType": "address"
      }
    ],
    "outputs": [],
    "stateMutability": "nonpayable"
  },
  {
    "type": "event",
    "name": "EndpointCalled",
    "inputs": [
      {
        "name": "selector",
        "type": "bytes4",
        "indexed": true,
        "internalType": "bytes4"
      },
      {
        "name": "data",
        "type": "bytes",
        "indexed": false,
        "internalType": "bytes"
      }
    ],
    "anonymous": false
  },
  {
    "type": "event",
    "name": "GatewayReplaced",
    "inputs": [
      {
        "name": "previous",
        "type": "address",
        "indexed": true,
        "internalType": "address"
      },
      {
        "name": "current",
        "type": "address",
        "indexed": true,
        "internalType": "address"
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
    "name": "InsufficientFee",
    "inputs": [
      {
        "name": "requiredWei",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "providedWei",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotConfiguration",
    "inputs": [
      {
        "name": "selector",
        "type": "bytes4",
        "internalType": "bytes4"
      }
    ]
  },
  {
    "type": "error",
    "name": "NotGateway",
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
    "name": "NotProtocol",
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
    "name": "NotQueue",
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
    "name": "RefundFailed",
    "inputs": [
      {
        "name": "payer",
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
    "name": "RouteUnknown",
    "inputs": [
      {
        "name": "chainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "SenderUnknown",
    "inputs": [
      {
        "name": "sender",
        "type": "bytes",
        "internalType": "bytes"
      }
    ]
  },
  {
    "type": "error",
    "name": "SourceUnknown",
    "inputs": [
      {
        "name": "protocolChainId",
        "type": "uint64",
        "internalType": "uint64"
      }
    ]
  },
  {
    "type": "error",
    "name": "UnexpectedValue",
    "inputs": [
      {
        "name": "valueWei",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  }
] as const;
