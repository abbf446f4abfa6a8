// Written by contracts/script/generate-abi.mjs; do not edit.

/** ABI of `RegistryFactory`. */
export const registryFactoryAbi = [
  {
    "type": "function",
    "name": "addressOf",
    "inputs": [
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
        "name": "component",
        "type": "uint8",
        "internalType": "enum Component"
      }
    ],
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
    "name": "deploy",
    "inputs": [
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
        "name": "component",
        "type": "uint8",
        "internalType": "enum Component"
      },
      {
        "name": "creationCode",
        "type": "bytes",
        "internalType": "bytes"
      }
    ],
    "outputs": [
      {
        "name": "at",
        "type": "address",
        "internalType": "address"
      }
    ],
    "stateMutability": "nonpayable"
  },
  {
    "type": "function",
    "name": "registryIdOf",
    "inputs": [
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
    "type": "event",
    "name": "ComponentDeployed",
    "inputs": [
      {
        "name": "registryId",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "manifestHash",
        "type": "bytes32",
        "indexed": true,
        "internalType": "bytes32"
      },
      {
        "name": "component",
        "type": "uint8",
        "indexed": true,
        "internalType": "enum Component"
      },
      {
        "name": "at",
        "type": "address",
        "indexed": false,
        "internalType": "address"
      }
    ],
    "anonymous": false
  },
  {
    "type": "error",
    "name": "AlreadyDeployed",
    "inputs": [
      {
        "name": "at",
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
    "name": "CodeHashCount",
    "inputs": [
      {
        "name": "expected",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "actual",
        "type": "uint256",
        "internalType": "uint256"
      }
    ]
  },
  {
    "type": "error",
    "name": "CodeHashMismatch",
    "inputs": [
      {
        "name": "component",
        "type": "uint8",
        "internalType": "enum Component"
      },
      {
        "name": "expected",
        "type": "bytes32",
        "internalType": "bytes32"
      },
      {
        "name": "actual",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  },
  {
    "type": "error",
    "name": "ComponentMissing",
    "inputs": [
      {
        "name": "component",
        "type": "uint8",
        "internalType": "enum Component"
      }
    ]
  },
  {
    "type": "error",
    "name": "ComponentUnused",
    "inputs": [
      {
        "name": "component",
        "type": "uint8",
        "internalType": "enum Component"
      }
    ]
  },
  {
    "type": "error",
    "name": "Create2EmptyBytecode",
    "inputs": []
  },
  {
    "type": "error",
    "name": "DeploymentFailed",
    "inputs": [
      {
        "name": "component",
        "type": "uint8",
        "internalType": "enum Component"
      }
    ]
  },
  {
    "type": "error",
    "name": "FailedDeployment",
    "inputs": []
  },
  {
    "type": "error",
    "name": "HomeNotInManifest",
    "inputs": [
      {
        "name": "homeChainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
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
    "name": "InvalidChainEntry",
    "inputs": [
      {
        "name": "index",
        "type": "uint256",
        "internalType": "uint256"
      },
      {
        "name": "chainHash",
        "type": "bytes32",
        "internalType": "bytes32"
      }
    ]
  }
] as const;
